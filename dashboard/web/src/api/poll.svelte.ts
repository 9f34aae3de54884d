/** A question asked again and again while somebody looks at its answer. */
import type { Answer } from './request.ts';

/** After a failure the question is asked again this soon, whatever its usual interval. */
const RETRY_MS = 5_000;

export class Poll<T> {
  readonly #ask: (signal: AbortSignal) => Promise<Answer<T>>;
  readonly #intervalMs: number;
  readonly #nowMs: () => number;
  #answer = $state.raw<Answer<T> | null>(null);
  #body = $state.raw<T | null>(null);
  #takenAt = $state.raw<number | null>(null);
  #pause: AbortController | null = null;

  /** `nowMs` is server time, ms since 1970 UTC: the stamp of an answer. */
  constructor(options: {
    readonly ask: (signal: AbortSignal) => Promise<Answer<T>>;
    readonly intervalMs: number;
    readonly nowMs: () => number;
  }) {
    this.#ask = options.ask;
    this.#intervalMs = options.intervalMs;
    this.#nowMs = options.nowMs;
  }

  /** The last answer of any kind; null before the first. */
  get answer(): Answer<T> | null {
    return this.#answer;
  }

  /** The last body that arrived, however long ago: {@link takenAt} says when. */
  get body(): T | null {
    return this.#body;
  }

  get takenAt(): number | null {
    return this.#takenAt;
  }

  /** Asks again at once, as after a change that the answer should show. */
  askNow(): void {
    this.#pause?.abort();
  }

  /** Asks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const answer = await this.#ask(signal);
      if (signal.aborted || answer.kind === 'dropped') return;
      this.#answer = answer;
      if (answer.kind === 'ok') {
        this.#body = answer.body;
        this.#takenAt = this.#nowMs();
      }
      if (answer.kind === 'refused' && answer.status === 403) return;
      this.#pause = new AbortController();
      const woken = AbortSignal.any([signal, this.#pause.signal]);
      await pause(answer.kind === 'ok' ? this.#intervalMs : RETRY_MS, woken);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
