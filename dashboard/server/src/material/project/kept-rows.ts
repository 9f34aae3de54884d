/** Rows of one table that a run of events may change: read before, changed in memory, written afterwards. */

interface Kept<Row> {
  /** Null: there is none. */
  row: Row | null;
  /** Whether it stands in the table. */
  readonly stored: Row | null;
  changed: boolean;
}

export class KeptRows<Row extends object> {
  readonly #keyOf: (row: Row) => string;
  readonly #isAskedWhole: boolean;
  readonly #kept = new Map<string, Kept<Row>>();

  /** @param reads `groups`: everything that is asked for is loaded, what is not loaded is not there. */
  constructor(keyOf: (row: Row) => string, reads: 'single rows' | 'groups' = 'single rows') {
    this.#keyOf = keyOf;
    this.#isAskedWhole = reads === 'groups';
  }

  /** The table has been asked for it: unless a row is loaded, there is none. */
  asked(key: string): void {
    if (!this.#kept.has(key)) this.#kept.set(key, { row: null, stored: null, changed: false });
  }

  load(row: Row): void {
    this.#kept.set(this.#keyOf(row), { row, stored: row, changed: false });
  }

  /**
   * @returns null: there is none.
   * @throws when the table was never asked for it: then nobody knows.
   */
  get(key: string): Row | null {
    const kept = this.#kept.get(key);
    if (kept === undefined && !this.#isAskedWhole) {
      throw new Error(`row ${key} was not read before it is needed`);
    }
    return kept?.row ?? null;
  }

  has(key: string): boolean {
    return (this.#kept.get(key)?.row ?? null) !== null;
  }

  put(row: Row): void {
    const key = this.#keyOf(row);
    this.#kept.set(key, { row, stored: this.#kept.get(key)?.stored ?? null, changed: true });
  }

  remove(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined || kept.row === null) return;
    this.#kept.set(key, { row: null, stored: kept.stored, changed: true });
  }

  /** @returns rows that are there, in the order in which they were read or made. */
  all(): Row[] {
    return [...this.#kept.values()].flatMap(({ row }) => row ?? []);
  }

  /** @returns rows to be written, and rows to be taken out. */
  changes(): { readonly put: readonly Row[]; readonly gone: readonly Row[] } {
    const changed = [...this.#kept.values()].filter((kept) => kept.changed);
    return {
      put: changed.flatMap(({ row }) => row ?? []),
      gone: changed.flatMap(({ row, stored }) => (row === null && stored !== null ? [stored] : [])),
    };
  }
}
