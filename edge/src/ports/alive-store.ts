/** When the edge was last alive, kept over its end. */
export interface AliveStore {
  /** Of the run before, UTC ms; null: there was none. */
  lastAliveAtMs(): number | null;
  /** @throws when the disk refuses. */
  keepAliveAt(ms: number): void;
}
