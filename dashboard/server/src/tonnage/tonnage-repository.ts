/**
 * What was sorted, by line, outlet and day. Sorted is what went from unsorted places (the line, lots, containers) or from
 * nowhere known (a difference) into bins and outputs, less what was put back. What leaves the site, or comes back to it,
 * changes nothing. What gets another outlet, or is set right, counts on the day on which that was said: days that were
 * told before stay as they were.
 *
 * Where a machine counted what fell into an outlet on a day, it alone says how much that was: bales of that outlet are
 * weighed out of what was counted already.
 */
import type { Records } from '../records/open-records.ts';
import { handSorted } from './hand-sorted.ts';

export interface SortedMass {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly day: string;
  readonly grams: number;
  /** Of a report by origin. */
  readonly origin?: Origin;
}

export interface Origin {
  /** Null: unknown. */
  readonly key: string | null;
  readonly label: string | null;
  /** Shared out by a key, not weighed apart. */
  readonly estimated: boolean;
}

export interface SortedAsked {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** Excluded. */
  readonly to: string;
}

/** @returns what was sorted in the period, by line, outlet and day: counted by machines, and by hand. */
export async function sortedBetween(records: Records, { from, to }: SortedAsked): Promise<SortedMass[]> {
  const counted = await machineSorted(records, from, to);
  const byHand = await handSorted(records, from, to, false);
  return [...counted, ...byHand.map(({ lot: _all, ...mass }) => mass)].sort(byPlace);
}

/** @returns what the ledgers of machines say, and what was counted from telemetry before there were ledgers. */
export function machineSorted(records: Records, from: string, to: string): Promise<SortedMass[]> {
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

function byPlace(a: SortedMass, b: SortedMass): number {
  for (const key of ['day', 'site', 'line', 'outlet'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
