import type { Records } from '../records/open-records.ts';

export interface SortedMass {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly day: string;
  readonly grams: number;
}

/**
 * What the ledgers say, and what was counted from telemetry before there were ledgers.
 * @returns what was sorted from `from` (included) to `to` (excluded), `YYYY-MM-DD`, by line, outlet and day.
 */
export function sortedBetween(records: Records, from: string, to: string): Promise<SortedMass[]> {
  const columns = ['site', 'line', 'outlet', 'day', 'grams'] as const;
  return records
    .selectFrom('sorted')
    .select(columns)
    .where('day', '>=', from)
    .where('day', '<', to)
    .unionAll(
      records
        .selectFrom('sorted_before_ledger')
        .select(columns)
        .where('day', '>=', from)
        .where('day', '<', to),
    )
    .orderBy('day')
    .orderBy('site')
    .orderBy('line')
    .orderBy('outlet')
    .execute();
}
