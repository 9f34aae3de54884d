/** Everything that follows from the ledgers of a site, as texts, for tests that make it twice. */
import { PROJECTION_TABLES } from '../../ledger/write-projections.ts';
import type { Records } from '../../records/open-records.ts';

/** @returns every row as one text that begins with its table, in order; with the turns that it was made in. */
export async function rowsOf(records: Records, site: string): Promise<string[]> {
  const rows: string[] = [];
  for (const table of [...PROJECTION_TABLES, 'site_turns'] as const) {
    const all: readonly object[] = await records
      .selectFrom(table)
      .selectAll()
      .where('site', '=', site)
      .execute();
    rows.push(
      ...all
        .map((row) => JSON.stringify([table, ...Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))]))
        .sort(),
    );
  }
  return rows;
}

/** Of rows that were made twice. */
export interface Differing {
  /** What only the one or only the other has. */
  readonly first: readonly string[];
  readonly second: readonly string[];
}

export const NONE_DIFFER: Differing = { first: [], second: [] };

/** @returns what differs, and nothing else: among a thousand rows that are right nobody finds the one that is not. */
export function differing(first: readonly string[], second: readonly string[]): Differing {
  return { first: without(first, second), second: without(second, first) };
}

/** As often as a row stands in `others`, it is left out. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const times = left.get(row) ?? 0;
    left.set(row, times - 1);
    return times <= 0;
  });
}
