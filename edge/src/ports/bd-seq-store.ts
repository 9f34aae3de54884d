/** Sparkplug's birth/death sequence number must outlive the process (Sparkplug B 3.0 §6.4.14, bdSeq). */
export interface BdSeqStore {
  /** The number of the last CONNECT, or null when there was none. */
  lastBdSeq(): number | null;
  /**
   * Durable when it returns.
   * @throws when the disk refuses.
   */
  keepBdSeq(bdSeq: number): void;
}
