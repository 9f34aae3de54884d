import type { Records } from '../records/open-records.ts';
import type { DatedTotal } from './outlet-total.ts';

/** A cumulative figure that went back: the edge has a new data directory. */
export interface CounterReset {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly beforeGrams: number;
  readonly nowGrams: number;
}

/**
 * Adds what came since the last figure of each outlet to its local day, all in one transaction: after a crash
 * either the days and the counters have moved, or neither. The first figure counts whole, since an edge counts
 * from zero with its data directory; so does one that went back.
 */
export function countTotals(records: Records, totals: readonly DatedTotal[]): Promise<CounterReset[]> {
  return records.transaction().execute(async (transaction) => {
    const resets: CounterReset[] = [];
    for (const { site, line, outlet, day, grams } of totals) {
      const key = { site, line, outlet };
      const before = await transaction
        .selectFrom('counters')
        .select('grams')
        .where('site', '=', site)
        .where('line', '=', line)
        .where('outlet', '=', outlet)
        .executeTakeFirst();
      const beforeGrams = before?.grams ?? 0;
      if (before !== undefined && grams === beforeGrams) continue;
      const wentBack = grams < beforeGrams;
      if (wentBack) resets.push({ ...key, beforeGrams, nowGrams: grams });
      await transaction
        .insertInto('counters')
        .values({ ...key, grams, resets: 0 })
        .onConflict((conflict) =>
          conflict.columns(['site', 'line', 'outlet']).doUpdateSet((update) => ({
            grams,
            resets: update('counters.resets', '+', wentBack ? 1 : 0),
          })),
        )
        .execute();
      const added = wentBack ? grams : grams - beforeGrams;
      if (added === 0) continue;
      await transaction
        .insertInto('sorted')
        .values({ ...key, day, grams: added })
        .onConflict((conflict) =>
          conflict
            .columns(['site', 'line', 'day', 'outlet'])
            .doUpdateSet((update) => ({ grams: update('sorted.grams', '+', added) })),
        )
        .execute();
    }
    return resets;
  });
}

export interface SortedMass {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly day: string;
  readonly grams: number;
}

/** @returns what was sorted from `from` (included) to `to` (excluded), `YYYY-MM-DD`, by line, outlet and day. */
export function sortedBetween(records: Records, from: string, to: string): Promise<SortedMass[]> {
  return records
    .selectFrom('sorted')
    .select(['site', 'line', 'outlet', 'day', 'grams'])
    .where('day', '>=', from)
    .where('day', '<', to)
    .orderBy('day')
    .orderBy('site')
    .orderBy('line')
    .orderBy('outlet')
    .execute();
}
