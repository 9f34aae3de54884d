import type { CountState } from '../domain/count-total.ts';
import type { TagRef } from '../domain/line-config.ts';

/** One counter as it is kept. `name` is `input` or `outlet.<id>`. */
export interface KeptCount {
  readonly name: string;
  /** Which tag it counted: another tag is another counter, and starts anew. */
  readonly source: TagRef;
  /** How that tag was read (address, type, unit…): read otherwise, its total is another one. */
  readonly reads: string;
  readonly state: CountState;
}

export interface CountStore {
  /** Every counter that was kept. */
  loadCounts(): readonly KeptCount[];
  /**
   * Keeps these counters, all or none; durable when it returns.
   * @throws when the disk refuses: nothing was kept.
   */
  saveCounts(counts: readonly KeptCount[]): void;
}
