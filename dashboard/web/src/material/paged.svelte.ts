/** A long list, page by page, looked at again while somebody reads it. */
import type { Answer } from '../api/request.ts';
import type { Page } from './material-reads.ts';
import { stateAfter, type PagedState } from './paged-state.ts';

/** The first page is asked again this often. */
const AGAIN_MS = 15_000;
const RETRY_MS = 5_000;
/** Past this many rows a filter helps more than another page. */
export const ROWS_KEPT_MAX = 5_000;

export class Paged<T> {
  readonly #ask: (cursor: string | null, signal: AbortSignal) => Promise<Answer<Page<T>>>;
  #rows = $state.raw<readonly T[]>([]);
  #next = $state.raw<string | null>(null);
  #state = $state.raw<PagedState>('loading');
  #isFetching = $state.raw(false);
  #pages = 0;
  #pause: AbortController | null = null;

  constructor(ask: (cursor: string | null, signal: AbortSignal) => Promise<Answer<Page<T>>>) {
    this.#ask = ask;
  }

  get rows(): readonly T[] {
    return this.#rows;
  }

  /** False: the rest is not fetched, or there is none. */
  get hasMore(): boolean {
    return this.#next !== null && this.#rows.length < ROWS_KEPT_MAX;
  }

  /** `failed`: the last question was not answered; {@link rows} are those of before. `forbidden`: not to this account. */
  get state(): PagedState {
    return this.#state;
  }

  get isFetching(): boolean {
    return this.#isFetching;
  }

  /** Asks for as many pages again as are shown, now. */
  askNow(): void {
    this.#pause?.abort();
  }

  /** Asks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!this.#isFetching) await this.#askAll(signal);
      if (signal.aborted) return;
      this.#pause = new AbortController();
      await pause(
        this.#state === 'failed' ? RETRY_MS : AGAIN_MS,
        AbortSignal.any([signal, this.#pause.signal]),
      );
    }
  }

  /** Fetches the page after those that are shown. */
  async more(signal: AbortSignal): Promise<void> {
    if (this.#next === null || this.#isFetching) return;
    this.#isFetching = true;
    const answer = await this.#ask(this.#next, signal);
    this.#isFetching = false;
    if (answer.kind !== 'ok') {
      if (answer.kind !== 'dropped') this.#state = stateAfter(answer);
      return;
    }
    this.#pages += 1;
    this.#rows = [...this.#rows, ...answer.body.rows];
    this.#next = answer.body.next;
    this.#state = 'ready';
  }

  async #askAll(signal: AbortSignal): Promise<void> {
    this.#isFetching = true;
    const rows: T[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const answer: Answer<Page<T>> = await this.#ask(cursor, signal);
      if (answer.kind !== 'ok') {
        this.#isFetching = false;
        if (answer.kind !== 'dropped') this.#state = stateAfter(answer);
        return;
      }
      rows.push(...answer.body.rows);
      cursor = answer.body.next;
      pages += 1;
    } while (cursor !== null && pages < this.#pages);
    this.#isFetching = false;
    this.#pages = pages;
    this.#rows = rows;
    this.#next = cursor;
    this.#state = 'ready';
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
