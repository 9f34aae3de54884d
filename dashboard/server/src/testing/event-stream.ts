/** Reads server-sent events as a page does, from a real connection. */
import { LIVE_EVENTS, type LiveDelta, type LiveSnapshot, type LiveState } from '@trame/protocol/live-state';
import { systemClock } from '../system/system-clock.ts';

export interface StreamEvent {
  readonly id: string | null;
  readonly name: string;
  readonly data: unknown;
  /** Monotonic ms of arrival. */
  readonly atMs: number;
}

export class EventStream implements AsyncDisposable {
  readonly events: StreamEvent[] = [];
  readonly #abort: AbortController;
  readonly #done: Promise<void>;
  ended = false;

  private constructor(response: Response, abort: AbortController) {
    this.#abort = abort;
    this.#done = this.#read(response).catch(() => undefined);
  }

  static async open(url: string, cookie: string, lastEventId?: string): Promise<EventStream> {
    const abort = new AbortController();
    const headers = { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
    const response = await fetch(`${url}/api/v1/live`, { headers, signal: abort.signal });
    if (!response.ok) throw new Error(`live: ${response.status}`);
    return new EventStream(response, abort);
  }

  /** @returns the state that a page would hold now. @throws when a delta does not fit what came before. */
  state(): LiveState {
    let rev = -1;
    let state: LiveState = { lines: {}, alarms: {} };
    for (const { name, data } of this.events) {
      if (name === LIVE_EVENTS.snapshot) {
        const snapshot = data as LiveSnapshot;
        rev = snapshot.rev;
        state = structuredClone(snapshot.state);
      } else if (name === LIVE_EVENTS.delta) {
        const delta = data as LiveDelta;
        if (delta.prev !== rev) throw new Error(`delta on ${delta.prev}, but the state is at ${rev}`);
        rev = delta.rev;
        for (const { path, value } of delta.ops) setAt(state, path, value);
      }
    }
    return state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.events.push(parse(text.slice(0, end)));
          text = text.slice(end + 2);
        }
      }
    } finally {
      this.ended = true;
    }
  }
}

function parse(block: string): StreamEvent {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return {
    id: field('id') ?? null,
    name: field('event') ?? 'message',
    data: JSON.parse(field('data') ?? 'null'),
    atMs: systemClock.monotonicMs(),
  };
}

function setAt(state: LiveState, path: readonly string[], value: unknown): void {
  let at = state as unknown as Record<string, unknown>;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete at[last];
  else at[last] = structuredClone(value);
}
