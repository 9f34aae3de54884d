/** What is recorded through the queue that waits for the disk, as whoever acts on the line sees it. */
import type { LedgerRecord } from './ledger.ts';

export interface Recording {
  /** Whether something can be recorded now: the ledger can be used, the clock is set, and the run has begun. */
  readonly isOpen: boolean;
  /** Records that wait: for the disk, or for something to be recorded in. */
  readonly waiting: number;
  /** Whether the ledger can be read: else nobody knows where the line was when the edge ended. */
  readonly hasMarks: boolean;
  /** @returns the value that a mark has, or will have once all that waits is stored; null: none, or nobody knows. */
  mark(name: string): string | null;
  /** Whether an event was recorded under this key, or waits to be. */
  isKnown(key: string): boolean;
  /** @returns the event that is recorded under this key; null: none, or it waits. */
  find(key: string): { readonly epoch: string; readonly seq: number } | null;
  /** Records these once they can be, in order with all that waits. */
  push(records: readonly LedgerRecord[]): void;
  /**
   * Records this now or not at all: for what is done only once it is recorded. It keeps its place among what waits.
   * @param signal gives it up, unless it is on its way to the disk. @returns whether it is on the disk. Never rejects.
   */
  ask(record: LedgerRecord, signal: AbortSignal): Promise<boolean>;
}
