/** What was sorted in a month, as it is declared when the month is closed. */
import { DECLARED_COLLECTORS_MAX, type MonthClosed } from '@trame/protocol/material/line-events';
import type { ActContext } from '../material/decision.ts';
import { nextMonthStart } from '../tonnage/local-day.ts';

/** Outlets of a site that are told apart; a site has far fewer. */
const OUTLETS_MAX = 100;

export async function declaredOf(
  { book, site }: ActContext,
  month: string,
): Promise<NonNullable<MonthClosed['declared']>> {
  const from = `${month}-01`;
  const masses = await book.diary.sortedByCollector(from, nextMonthStart(from));
  const outlets = new Map<string, number>();
  const collectors = new Map<string | null, number>();
  for (const { outlet, origin, grams, ...mass } of masses) {
    if (mass.site !== site) continue;
    const collector = origin?.key ?? null;
    outlets.set(outlet, (outlets.get(outlet) ?? 0) + grams);
    collectors.set(collector, (collectors.get(collector) ?? 0) + grams);
  }
  const told = largest(collectors);
  return {
    outlets: largest(outlets)
      .slice(0, OUTLETS_MAX)
      .map(([outlet, grams]) => ({ outlet, grams })),
    collectors: told.slice(0, DECLARED_COLLECTORS_MAX).map(([collector, grams]) => ({ collector, grams })),
    otherGrams: told.slice(DECLARED_COLLECTORS_MAX).reduce((sum, [, grams]) => sum + grams, 0),
  };
}

function largest<K extends string | null>(sums: ReadonlyMap<K, number>): [K, number][] {
  return [...sums]
    .filter(([, grams]) => grams !== 0)
    .sort(([a, x], [b, y]) => y - x || ((a ?? '') < (b ?? '') ? -1 : 1));
}
