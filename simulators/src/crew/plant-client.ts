/** The control API of the simulated line, through which the crew sees the hall and uses its hands. */
import type { HandView } from '../hand-view.ts';
import type { HandTruth } from '../hand-truth.ts';
import type { Truth } from '../truth.ts';
import type { HandMove } from './floor.ts';

/** What the crew asks of it: of a hand line also what stands in the hall. */
export type PlantTruth = Pick<Truth, 'outputKg' | 'initialBinsKg' | 'binsKg' | 'pressKg' | 'onLineKg'> &
  Partial<Pick<HandTruth, 'hallKg'>>;

const requestTimeoutMs = 5_000;

export class PlantClient {
  #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/$/u, '');
  }

  /** Null while the simulation does not answer. */
  async view(stopping: AbortSignal): Promise<HandView | null> {
    const response = await this.#ask('GET', '/hand', null, stopping);
    return response?.ok === true ? ((await response.json()) as HandView) : null;
  }

  /** What stands where, to the gram. Null while the simulation does not answer. */
  async truth(stopping: AbortSignal): Promise<PlantTruth | null> {
    const response = await this.#ask('GET', '/truth', null, stopping);
    return response?.ok === true ? ((await response.json()) as PlantTruth) : null;
  }

  async speed(stopping: AbortSignal): Promise<number> {
    const response = await this.#ask('GET', '/speed', null, stopping);
    if (response?.ok !== true) return 1;
    return ((await response.json()) as { readonly factor: number }).factor;
  }

  /** From now on the hands do what they are told, for so long. */
  async lead(forMs: number, stopping: AbortSignal): Promise<void> {
    await this.#ask('POST', '/hand/lead', { forMs }, stopping);
  }

  /** Whether it was done; a refusal says that the hall has changed meanwhile. */
  async move({ does, body }: HandMove, stopping: AbortSignal): Promise<boolean> {
    const response = await this.#ask('POST', `/hand/${does}`, body, stopping);
    return response?.ok === true;
  }

  async #ask(method: string, path: string, body: unknown, stopping: AbortSignal): Promise<Response | null> {
    try {
      return await fetch(`${this.#url}${path}`, {
        method,
        ...(body === null
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.any([stopping, AbortSignal.timeout(requestTimeoutMs)]),
      });
    } catch (error) {
      if (stopping.aborted) throw error;
      // It starts, or was stopped: the caller looks again.
      return null;
    }
  }
}
