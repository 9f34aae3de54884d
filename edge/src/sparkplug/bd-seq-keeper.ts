/**
 * Keeps the number of the last CONNECT on disk. A disk that refuses does not keep the line dark: the number
 * lives on in memory, which is all that this process needs. Only if the process also ends before the disk
 * takes it may a number be given twice, and a host then take the late death of one session for another's.
 */
import type { BdSeqStore } from '../ports/bd-seq-store.ts';
import type { Log } from '../ports/log.ts';

/** How long a disk that refused is left alone, ms. */
export const BD_SEQ_RETRY_MS = 10_000;

export class BdSeqKeeper {
  readonly #store: BdSeqStore;
  readonly #log: Log;
  /** What the disk refused last, and when (monotonic ms); null: it is up to date. */
  #refused: { readonly bdSeq: number; readonly atMs: number } | null = null;

  constructor(store: BdSeqStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Durable when it returns, unless the disk refuses: that is logged, once, and made up for by `retry`. */
  keep(bdSeq: number, atMs: number): void {
    try {
      this.#store.keepBdSeq(bdSeq);
    } catch (error) {
      if (this.#refused === null) {
        this.#log.error({ bdSeq, error }, 'the session number cannot be kept on disk; publishing goes on');
      }
      this.#refused = { bdSeq, atMs };
      return;
    }
    if (this.#refused !== null) this.#log.info({ bdSeq }, 'the session number is kept on disk again');
    this.#refused = null;
  }

  /** To be called often: tries again what the disk refused, every {@link BD_SEQ_RETRY_MS}. */
  retry(atMs: number): void {
    if (this.#refused === null || atMs - this.#refused.atMs < BD_SEQ_RETRY_MS) return;
    this.keep(this.#refused.bdSeq, atMs);
  }
}
