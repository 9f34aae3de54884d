/**
 * What a line said, in the order in which it was recorded: a clock that is set back tells what comes later as if it had come
 * before, and the line would stand until it says something else. Pure but
 * for {@link placeIn}.
 */
import { sql, type AliasedExpression } from 'kysely';
import { firstWhere } from '../calendar/coverage.ts';

export interface Recorded {
  readonly id: string;
  readonly at: number;
  /** Of its event in the ledgers of the line; null: not known. */
  readonly place: number | null;
}

/** @returns a column of the rows of this table: `place` of their events. One that was carried over counts where it first stood. */
export function placeIn(table: 'line_states' | 'line_modes'): AliasedExpression<number | null, 'place'> {
  const of = (column: string) => sql.ref(`${table}.${column}`);
  return sql<number | null>`(
    select min(place) from ledger_events
    where ledger_events.site = ${of('site')} and ledger_events.line = ${of('line')} and ledger_events.id = ${of('id')}
  )`.as('place');
}

/**
 * Where times go against that order, as many as can be are believed, of as many the later ones: whoever sets a clock means to
 * set it right. What is not believed came no earlier than what was recorded before it, and no later than what was after.
 * @returns the same in their order, no time before the one before it.
 */
export function inRecordedOrder<T extends Recorded>(said: readonly T[]): T[] {
  if (said.some(({ place }) => place === null)) return said.toSorted((a, b) => a.at - b.at || byText(a, b));
  const inOrder = said.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const believed = new Set(longestRise(inOrder.map(({ at }) => at)));
  let latest = Number.NEGATIVE_INFINITY;
  const limits = inOrder.map(() => Number.POSITIVE_INFINITY);
  for (let n = inOrder.length - 1, next = Number.POSITIVE_INFINITY; n >= 0; n -= 1) {
    limits[n] = next;
    if (believed.has(n)) next = inOrder[n]?.at ?? next;
  }
  return inOrder.map((one, n) => {
    const at = believed.has(n) ? one.at : Math.max(latest, Math.min(one.at, limits[n] ?? one.at));
    latest = Math.max(latest, at);
    return at === one.at ? one : { ...one, at };
  });
}

function byText(a: Recorded, b: Recorded): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** @returns where the numbers stand of the longest selection that never falls; of several, one that ends lowest. */
function longestRise(numbers: readonly number[]): number[] {
  /** Of each length, where the selection ends that ends lowest. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [n, number] of numbers.entries()) {
    const length = firstWhere(ends.length, (k) => (numbers[ends[k] ?? 0] ?? 0) > number);
    before.push(ends[length - 1]);
    ends[length] = n;
  }
  const rise: number[] = [];
  for (let n = ends.at(-1); n !== undefined; n = before[n]) rise.push(n);
  return rise.toReversed();
}
