/** Since when a machine counts what falls into each outlet. */
import type { Records } from '../records/open-records.ts';

interface Place {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
}

/** First counted day of each outlet. */
export type MachineDays = ReadonlyMap<string, string>;

export async function machineDays(records: Records): Promise<MachineDays> {
  const days = new Map<string, string>();
  for (const table of ['sorted', 'sorted_before_ledger'] as const) {
    const rows = await records
      .selectFrom(table)
      .select((of) => ['site', 'line', 'outlet', of.fn.min('day').as('day')])
      .groupBy(['site', 'line', 'outlet'])
      .execute();
    for (const { day, ...place } of rows) {
      const before = days.get(keyOf(place));
      if (before === undefined || day < before) days.set(keyOf(place), day);
    }
  }
  return days;
}

/** @returns whether a machine counted that outlet on that day. */
export function isCounted(since: MachineDays, mass: Place & { readonly day: string }): boolean {
  const first = since.get(keyOf(mass));
  return first !== undefined && mass.day >= first;
}

export function keyOf({ site, line, outlet }: Place): string {
  return JSON.stringify([site, line, outlet]);
}
