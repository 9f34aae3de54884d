/**
 * The last pieces of a line, looked at again while somebody reads them. Some come every second: who reads further back, or
 * asks for it, reads on undisturbed until the newest are asked for again.
 */
import { listPieces, type PiecePage } from '../api/pieces.ts';
import type { Answer } from '../api/request.ts';
import type { ItemRow } from '@trame/protocol/classification/item-requests';
import type { Query } from '../material/address.ts';
import { isNotSorting, type Failure } from './piece-refusal.ts';

/** The newest are asked for again this often. */
const AGAIN_MS = 10_000;
const RETRY_MS = 5_000;
const PAGE_ROWS = 25;
/** Past so many rows a filter helps more than another page. */
const PIECES_SHOWN_MAX = 1_000;

interface LatestPiecesOptions {
  readonly line: string;
  /** `outlet`, `reading`. */
  readonly filter: Query;
  /** Server time, ms since 1970 UTC. */
  readonly nowMs: () => number;
  readonly noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>;
}

export class LatestPieces {
  readonly #options: LatestPiecesOptions;
  #rows = $state.raw<readonly ItemRow[] | null>(null);
  #next = $state.raw<string | null>(null);
  #takenAt = $state.raw<number | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #isHeld = $state.raw(false);
  #isAsking = $state.raw(false);
  #pause: AbortController | null = null;

  constructor(options: LatestPiecesOptions) {
    this.#options = options;
  }

  /** Newest first; null: not heard yet. */
  get rows(): readonly ItemRow[] | null {
    return this.#rows;
  }

  /** When the rows were the newest, server time. */
  get takenAt(): number | null {
    return this.#takenAt;
  }

  /** Why the last question was not answered; null: it was. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** True: the rows stay as they are until {@link follow}. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  get hasOlder(): boolean {
    return this.#next !== null && (this.#rows?.length ?? 0) < PIECES_SHOWN_MAX;
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** The newest, now and from now on. */
  follow(): void {
    this.#isHeld = false;
    this.#pause?.abort();
  }

  async older(signal: AbortSignal): Promise<void> {
    if (this.#next === null || this.#isAsking) return;
    this.#isHeld = true;
    const answer = await this.#ask(this.#next, signal);
    if (answer?.kind !== 'ok') return;
    const known = new Set(this.#rows?.map(({ id }) => id));
    this.#rows = [...(this.#rows ?? []), ...answer.body.rows.filter(({ id }) => !known.has(id))];
    this.#next = answer.body.next;
  }

  /** Asks until the signal aborts; not again where a line sorts nothing by spectra. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!this.#isHeld && !this.#isAsking) await this.#newest(signal);
      if (signal.aborted || isNotSorting(this.#failure) || isForbidden(this.#failure)) return;
      this.#pause = new AbortController();
      const ms = this.#failure === null ? AGAIN_MS : RETRY_MS;
      await pause(ms, AbortSignal.any([signal, this.#pause.signal]));
    }
  }

  async #newest(signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(null, signal);
    // Whoever began to read further back meanwhile is not disturbed.
    if (answer?.kind !== 'ok' || (this.#isHeld && this.#rows !== null)) return;
    this.#rows = answer.body.rows;
    this.#next = answer.body.next;
    this.#takenAt = this.#options.nowMs();
  }

  async #ask(cursor: string | null, signal: AbortSignal): Promise<Answer<PiecePage> | null> {
    const { line, filter, noticed } = this.#options;
    const query = { ...filter, cursor, limit: String(PAGE_ROWS) };
    this.#isAsking = true;
    const answer = await noticed(listPieces(line, query, signal));
    this.#isAsking = false;
    if (signal.aborted || answer.kind === 'dropped') return null;
    this.#failure = answer.kind === 'ok' ? null : answer;
    return answer;
  }
}

function isForbidden(failure: Failure | null): boolean {
  return failure?.kind === 'refused' && failure.status === 403;
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
