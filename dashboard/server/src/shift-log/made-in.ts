/** What a line made in some hours: what was put on it, what was sorted into which outlet, how many outputs. */
import { lineBalance } from '../balance/work-balance.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import type { LineAddress } from '../trs/line-work.ts';

/** Of outputs that are made: neither in the press nor made out of nothing. */
const UNMADE = ['started', 'pressed', 'voided'] as const;

/** @returns how many were weighed in the period; one that could not be weighed counts when it was begun. */
export async function outputsIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<number> {
  const row = await records
    .selectFrom('outputs')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('site', '=', site)
    .where('line', '=', line)
    .where('status', 'not in', UNMADE)
    .where((where) => {
      const at = where.fn.coalesce('weighedAt', 'startedAt');
      return where.and([where(at, '>=', from), where(at, '<', to)]);
    })
    .executeTakeFirstOrThrow();
  return row.count;
}

/** @returns grams by outlet, the most first: what machines counted; of a line without, what hands put there. */
export async function sortedIn(
  records: Records,
  address: LineAddress,
  period: Interval,
): Promise<{ outlet: string; grams: number }[]> {
  const sums = new Map<string, number>();
  const add = (outlet: string, grams: number) => sums.set(outlet, (sums.get(outlet) ?? 0) + grams);
  const counted = await countedIn(records, address, period);
  for (const { outlets } of counted) {
    const grams = JSON.parse(outlets) as Readonly<Record<string, number>>;
    for (const [outlet, fell] of Object.entries(grams)) add(outlet, fell);
  }
  if (counted.length === 0) {
    for (const { outlet, grams } of await byHandIn(records, address, period)) add(outlet, grams);
  }
  return [...sums]
    .map(([outlet, grams]) => ({ outlet, grams }))
    .sort((a, b) => b.grams - a.grams || (a.outlet < b.outlet ? -1 : 1));
}

/** What was counted counts where its stretch ends. */
function countedIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<{ outlets: string }[]> {
  return records
    .selectFrom('line_counts')
    .select('outlets')
    .where('site', '=', site)
    .where('line', '=', line)
    .where('toAt', '>=', from)
    .where('toAt', '<', to)
    .execute();
}

function byHandIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<{ outlet: string; grams: number }[]> {
  return records
    .selectFrom('hand_sorted')
    .select(['outlet', 'grams'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('event', 'in', (of) =>
      of
        .selectFrom('journal')
        .select('journal.event')
        .where('journal.site', '=', site)
        .where('journal.at', '>=', from)
        .where('journal.at', '<', to),
    )
    .execute();
}

/** @returns grams that were put on the line. */
export async function putOn(records: Records, address: LineAddress, { from, to }: Interval): Promise<number> {
  const { inGrams } = await lineBalance(records, { ...address, fromMs: from, toMs: to });
  return inGrams;
}
