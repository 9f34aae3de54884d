/** How far the weights behind a balance may err, by group. */
import { account, accountName } from '@trame/protocol/material/accounts';
import { sql } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Records } from '../records/open-records.ts';
import type { GroupBy, Scope } from './flow-query.ts';
import { totalisedIn } from './flow-query.ts';
import { totaliserVariance } from './scale-error.ts';
import { saidGrams, saidVariance, WEIGHING_TYPES } from './said-weights.ts';

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
  /** All that it says was weighed. */
  readonly netGrams: number;
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
      const said: unknown = JSON.parse(payload);
      found.set(id, {
        variance: saidVariance(known, said, movedGrams),
        grams: movedGrams,
        netGrams: saidGrams(known, said),
      });
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
  const weighed = await lotWeights(records, site, [...new Set(put.map(({ lot }) => lot))]);
  const all = [...weighed.values()].flat();
  const variances = await variancesOf(records, site, [...new Set(all.map(({ event }) => event))]);
  for (const { lot, group, month, grams } of put) {
    // What is found out in a later month leaves this one as it was told.
    const known = (weighed.get(lot) ?? []).findLast(
      (weight) => weight.month <= month && (variances.get(weight.event)?.netGrams ?? 0) > 0,
    );
    if (known === undefined || inScope.has(`${known.event} ${group}`)) continue;
    const { variance = 0, netGrams = 0 } = variances.get(known.event) ?? {};
    of(group).weighings += variance * share(grams, netGrams);
  }
}

/** Events that say what all of a lot weighs. */
const LOT_WEIGHTS = ['lot.received', 'lot.weighed', 'subcontract.returned'] as const;

/** @returns of each lot the events that weighed it, in the order in which they were recorded. */
async function lotWeights(
  records: Records,
  site: string,
  lots: readonly string[],
): Promise<Map<string, { readonly event: string; readonly month: string }[]>> {
  const found = new Map<string, { event: string; month: string }[]>();
  for (const part of parts(lots)) {
    const rows = await records
      .selectFrom('journal')
      .select(['event', 'about', 'day'])
      .where('site', '=', site)
      .where(
        'about',
        'in',
        part.map((lot) => account('lot', lot)),
      )
      .where('type', 'in', LOT_WEIGHTS)
      .orderBy('recordedAt')
      .orderBy('seq')
      .execute();
    for (const { event, about, day } of rows) {
      const lot = accountName(about);
      found.set(lot, [...(found.get(lot) ?? []), { event, month: day.slice(0, 7) }]);
    }
  }
  return found;
}

/** What went on a line, by source lot and month. */
function loadedLots(
  records: Records,
  scope: Scope,
  groupBy: GroupBy,
): Promise<
  { readonly lot: string; readonly group: string; readonly month: string; readonly grams: number }[]
> {
  const loaded = records
    .selectFrom('postings')
    .select([
      'lot',
      'grams',
      sql<string>`substr(day, 1, 7)`.as('month'),
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
    .select((from) => ['lot', 'group', 'month', from.fn.sum<number>('grams').as('grams')])
    .groupBy(['lot', 'group', 'month'])
    .execute();
}
