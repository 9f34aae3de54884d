import type { KeptCount } from '../domain/line-counts.ts';

export interface CountStore {
  /** Every counter that was kept. */
  loadCounts(): readonly KeptCount[];
  /**
   * Keeps these counters, all or none; durable when it returns.
   * @throws when the disk refuses: nothing was kept.
   */
  saveCounts(counts: readonly KeptCount[]): void;
}
