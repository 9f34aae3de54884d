/** How far the weights behind a balance may err, by group. */
import { sql } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Records } from '../records/open-records.ts';
import type { GroupBy, Scope } from './flow-query.ts';
import { totalisedIn } from './flow-query.ts';
import { totaliserVariance } from './scale-error.ts';
import { saidVariance, WEIGHING_TYPES } from './said-weights.ts';

/** Of more weights than this the rest is left out: the limit is then too narrow, and nothing is taken for explained. */
const WEIGHTS_MAX = 200_000;

/** What a group's weights may be off by. */
export interface Errors {
  /** Of single weighings, u², grams². */
  weighings: number;
  /** Grams that each totaliser counted: what one counted errs as a whole. */
  readonly totalised: Map<string, number>;
}

export function noErrors(): Errors {
  return { weighings: 0, totalised: new Map() };
}

/** @returns u² of all of it, grams². */
export function varianceOf({ weighings, totalised }: Errors): number {
  return [...totalised.values()].reduce((sum, grams) => sum + totaliserVariance(grams), weighings);
}

export function addErrors(sum: Errors, more: Errors): void {
  sum.weighings += more.weighings;
  for (const [name, grams] of more.totalised) {
    sum.totalised.set(name, (sum.totalised.get(name) ?? 0) + grams);
  }
}

interface WeightEvent {
  readonly event: string;
  readonly group: string;
  /** Of the group. */
  readonly grams: number;
}

/**
 * Weights of the movements in the scope; where an event moved material of several groups, each has its part of the
 * error. And, in proportion to what went on a line, the weights by which that had come in, when that was in no movement
 * of the scope.
 */
export async function errorsOf(
  records: Records,
  site: string,
  scope: Scope,
  groupBy: GroupBy,
): Promise<Map<string, Errors>> {
  const errors = new Map<string, Errors>();
  const of = (group: string): Errors => {
    const known = errors.get(group) ?? noErrors();
    errors.set(group, known);
    return known;
  };
  const said = await weightEvents(records, scope, groupBy);
  const variances = await variancesOf(records, site, [...new Set(said.map(({ event }) => event))]);
  for (const { event, group, grams } of said) {
    const weight = variances.get(event);
    if (weight === undefined) continue;
    of(group).weighings += weight.variance * share(grams, weight.grams);
  }
  const inScope = new Set(said.map(({ event, group }) => `${event} ${group}`));
  await addReceptions(records, site, scope, groupBy, inScope, of);
  for (const { group, totaliser, grams } of await totalisedIn(records, scope, groupBy)) {
    of(group).totalised.set(totaliser, grams);
  }
  return errors;
}

/** Errors of one weighing go together with all that was weighed by it. */
function share(part: number, whole: number): number {
  return whole <= 0 ? 1 : Math.min(1, part / whole) ** 2;
}

function weightEvents(records: Records, scope: Scope, groupBy: GroupBy): Promise<WeightEvent[]> {
  const weighed = records
    .selectFrom('postings')
    .select([
      'event',
      'grams',
      groupBy === 'one' ? sql<string>`''`.as('group') : sql<string>`${sql.ref(groupBy)}`.as('group'),
    ])
    .where(scope)
    .where('type', 'in', WEIGHING_TYPES);
  return records
    .selectFrom(weighed.as('weighed'))
    .select((of) => ['event', 'group', of.fn.sum<number>('grams').as('grams')])
    .groupBy(['event', 'group'])
    .limit(WEIGHTS_MAX)
    .execute();
}

interface WeightOfEvent {
  readonly variance: number;
  /** All that it moved. */
  readonly grams: number;
}

async function variancesOf(
  records: Records,
  site: string,
  events: readonly string[],
): Promise<Map<string, WeightOfEvent>> {
  const found = new Map<string, WeightOfEvent>();
  for (const part of parts([...events])) {
    const moved = await records
      .selectFrom('postings')
      .select((of) => ['event', of.fn.sum<number>('grams').as('grams')])
      .where('site', '=', site)
      .where('event', 'in', part)
      .groupBy('event')
      .execute();
    const grams = new Map(moved.map((row) => [row.event, row.grams]));
    const rows = await records
      .selectFrom('journal')
      .innerJoin('ledger_events', (join) =>
        join
          .onRef('ledger_events.site', '=', 'journal.site')
          .onRef('ledger_events.line', '=', 'journal.line')
          .onRef('ledger_events.id', '=', 'journal.event'),
      )
      .select(['ledger_events.id', 'ledger_events.type', 'ledger_events.payload'])
      .where('journal.site', '=', site)
      .where('journal.event', 'in', part)
      .execute();
    for (const { id, type, payload } of rows) {
      const known = WEIGHING_TYPES.find((one) => one === type);
      if (known === undefined || payload === null || found.has(id)) continue;
      const movedGrams = grams.get(id) ?? 0;
      found.set(id, { variance: saidVariance(known, JSON.parse(payload), movedGrams), grams: movedGrams });
    }
  }
  return found;
}

async function addReceptions(
  records: Records,
  site: string,
  scope: Scope,
  groupBy: GroupBy,
  inScope: ReadonlySet<string>,
  of: (group: string) => Errors,
): Promise<void> {
  // Of a lot, its own weights are in its movements.
  if (groupBy === 'lot') return;
  const put = await loadedLots(records, scope, groupBy);
  const lots = [...new Set(put.map(({ lot }) => lot))];
  const received = new Map<string, { event: string; grams: number }>();
  for (const part of parts(lots)) {
    const rows = await records
      .selectFrom('lots')
      .select(['lot', 'weightEvent', 'receivedGrams'])
      .where('site', '=', site)
      .where('lot', 'in', part)
      .execute();
    for (const { lot, weightEvent, receivedGrams } of rows) {
      if (weightEvent !== null) received.set(lot, { event: weightEvent, grams: receivedGrams ?? 0 });
    }
  }
  const variances = await variancesOf(records, site, [
    ...new Set([...received.values()].map(({ event }) => event)),
  ]);
  for (const { lot, group, grams } of put) {
    const weight = received.get(lot);
    if (weight === undefined || inScope.has(`${weight.event} ${group}`)) continue;
    of(group).weighings += (variances.get(weight.event)?.variance ?? 0) * share(grams, weight.grams);
  }
}

/** What went on a line, by source lot. */
function loadedLots(
  records: Records,
  scope: Scope,
  groupBy: GroupBy,
): Promise<{ readonly lot: string; readonly group: string; readonly grams: number }[]> {
  const loaded = records
    .selectFrom('postings')
    .select([
      'lot',
      'grams',
      groupBy === 'one' ? sql<string>`''`.as('group') : sql<string>`${sql.ref(groupBy)}`.as('group'),
    ])
    .where(scope)
    .where('toAccount', '>', 'line:')
    .where('toAccount', '<', 'line;')
    .where((where) =>
      where.or([where('fromAccount', 'like', 'lot:%'), where('fromAccount', 'like', 'container:%')]),
    );
  return records
    .selectFrom(loaded.as('loaded'))
    .select((from) => ['lot', 'group', from.fn.sum<number>('grams').as('grams')])
    .groupBy(['lot', 'group'])
    .execute();
}
