/** What drivers told since the last cycle, in the order in which they told it. */
import type { Reading, TagDefinition } from '../domain/reading.ts';

export type DriverEvent =
  | { readonly kind: 'online'; readonly device: string; readonly tags: readonly TagDefinition[] }
  | { readonly kind: 'offline'; readonly device: string; readonly reason: string }
  | { readonly kind: 'readings'; readonly device: string; readonly readings: readonly Reading[] };

/**
 * Readings that may wait for a cycle. Past it a batch is refused and counted: a cycle follows its first
 * reading within milliseconds, so only an edge that cannot keep up at all gets here.
 */
export const INBOX_READINGS_MAX = 200_000;

export class Inbox {
  #events: DriverEvent[] = [];
  #readings = 0;
  #refused = 0;
  #wake: (() => void) | null = null;

  /** Readings refused because the inbox was full. */
  get refused(): number {
    return this.#refused;
  }

  readonly #wakeUp = (): void => {
    this.#wake?.();
    this.#wake = null;
  };

  push(event: DriverEvent): void {
    if (event.kind === 'readings') {
      if (this.#readings + event.readings.length > INBOX_READINGS_MAX) {
        this.#refused += event.readings.length;
        return;
      }
      this.#readings += event.readings.length;
    }
    this.#events.push(event);
    this.#wakeUp();
  }

  takeAll(): readonly DriverEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#readings = 0;
    return events;
  }

  /** Resolves as soon as there is something to take, or when the signal aborts. One waiter at a time. */
  async filled(signal: AbortSignal): Promise<void> {
    if (this.#events.length > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', this.#wakeUp);
    await promise;
    signal.removeEventListener('abort', this.#wakeUp);
  }
}
