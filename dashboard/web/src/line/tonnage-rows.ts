/** Tonnes by outlet, today and this month, in the order of the line's outlets. */
import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { Outlet } from '@trame/protocol/line-description';

export interface TonnageLine {
  readonly id: string;
  /** Null for an outlet that the line no longer has: its key is its name. */
  readonly outlet: Outlet | null;
  /** Tonnes; null while the answer is not there. */
  readonly dayT: number | null;
  readonly monthT: number | null;
}

/** An outlet that an answer does not name has received nothing. */
export function tonnageRows(
  outlets: readonly Outlet[],
  day: TonnageAnswer | null,
  month: TonnageAnswer | null,
): readonly TonnageLine[] {
  const dayOf = tonnesByKey(day);
  const monthOf = tonnesByKey(month);
  const known = new Set(outlets.map((outlet) => outlet.id));
  const foreign = [...new Set([...(dayOf?.keys() ?? []), ...(monthOf?.keys() ?? [])])].filter(
    (key) => !known.has(key),
  );
  const row = (id: string, outlet: Outlet | null): TonnageLine => ({
    id,
    outlet,
    dayT: dayOf === null ? null : (dayOf.get(id) ?? 0),
    monthT: monthOf === null ? null : (monthOf.get(id) ?? 0),
  });
  return [...outlets.map((outlet) => row(outlet.id, outlet)), ...foreign.sort().map((key) => row(key, null))];
}

function tonnesByKey(answer: TonnageAnswer | null): ReadonlyMap<string, number> | null {
  return answer === null ? null : new Map(answer.rows.map((row) => [row.key, row.t]));
}
