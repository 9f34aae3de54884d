/** Lots as pages show them: what was received, and how much of it still waits. */
import { account } from '@trame/protocol/material/accounts';
import type { LotRow } from '@trame/protocol/material/material-answers';
import type { ExpressionBuilder } from 'kysely';
import type { Place } from '../http/keyset.ts';
import type { Period } from '../material/query-period.ts';
import type { LotTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';

export const LOT_STATES = [
  'waiting-weight',
  'open',
  'at-infeed',
  'used',
  'refused',
  'returned',
  'merged',
  'voided',
] as const;
export type LotState = (typeof LOT_STATES)[number];

export interface LotQuery extends Period {
  readonly site: string;
  readonly status: LotState | null;
  /** `unknown`: whose collector is not known. */
  readonly collector: string | null;
  /** True: only what is not on the line yet, or has no weight. */
  readonly waiting: boolean;
  readonly after: Place | null;
  readonly limit: number;
}

/** Where the id begins in `lot:L118`, as SQL counts. */
const LOT_ID_FROM = 'lot:'.length + 1;

type Where = ExpressionBuilder<Tables, 'lots'>;

/** @returns lots, latest first. */
export async function lotsOf(records: Records, query: LotQuery): Promise<LotRow[]> {
  const { site, status, collector, fromMs, toMs, waiting, after, limit } = query;
  let select = records.selectFrom('lots').selectAll().where('site', '=', site);
  if (collector !== null) {
    select =
      collector === 'unknown'
        ? select.where('collector', 'is', null)
        : select.where('collector', '=', collector);
  }
  if (fromMs !== null) select = select.where('at', '>=', fromMs);
  if (toMs !== null) select = select.where('at', '<', toMs);
  if (waiting) {
    select = select.where((where) =>
      where('lot', 'in', waitingLots(where, site).unionAll(unweighedLots(where, site))),
    );
  }
  if (status !== null) select = select.where((where) => isInState(where, site, status));
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('at', '<=', at)
      .where((where) => where.or([where('at', '<', at), where('lot', '<', id)]));
  }
  const rows = await select.orderBy('at', 'desc').orderBy('lot', 'desc').limit(limit).execute();
  return shown(records, site, rows);
}

export async function lotOf(records: Records, site: string, lot: string): Promise<LotTable | undefined> {
  return records
    .selectFrom('lots')
    .selectAll()
    .where('site', '=', site)
    .where('lot', '=', lot)
    .executeTakeFirst();
}

function isUnweighed(where: Where) {
  return where.and([where('receivedGrams', 'is', null), where('status', '=', 'open')]);
}

function unweighedLots(where: Where, site: string) {
  return where
    .selectFrom('lots as unweighed')
    .select('unweighed.lot')
    .where('unweighed.site', '=', site)
    .where('unweighed.receivedGrams', 'is', null)
    .where('unweighed.status', '=', 'open');
}

/** Lots of which something lies in a container, and those that hold something themselves. */
function waitingLots(where: Where, site: string) {
  return where
    .selectFrom('holdings')
    .select('holdings.lot')
    .where('holdings.site', '=', site)
    .where('holdings.account', '>=', 'container:')
    .where('holdings.account', '<', 'container;')
    .where('holdings.grams', '>', 0)
    .unionAll(
      where
        .selectFrom('holdings')
        .select((of) => of.fn<string>('substr', ['holdings.account', of.val(LOT_ID_FROM)]).as('lot'))
        .where('holdings.site', '=', site)
        .where('holdings.account', '>=', 'lot:')
        .where('holdings.account', '<', 'lot;')
        .where('holdings.grams', '>', 0),
    );
}

/** Lots at an infeed: themselves, or by a container with something of them. */
function lotsAtInfeed(where: Where, site: string) {
  return where
    .selectFrom('infeed')
    .select((of) => of.fn<string>('substr', ['infeed.account', of.val(LOT_ID_FROM)]).as('lot'))
    .where('infeed.site', '=', site)
    .where('infeed.account', 'like', 'lot:%')
    .unionAll(
      where
        .selectFrom('infeed')
        .innerJoin('holdings', (join) =>
          join
            .onRef('holdings.account', '=', 'infeed.account')
            .onRef('holdings.site', '=', 'infeed.site')
            .on('holdings.grams', '>', 0),
        )
        .select('holdings.lot')
        .where('infeed.site', '=', site)
        .where('infeed.account', 'like', 'container:%'),
    );
}

function isInState(where: Where, site: string, state: LotState) {
  const weighed = where('receivedGrams', 'is not', null);
  const open = where('status', '=', 'open');
  switch (state) {
    case 'waiting-weight':
      return isUnweighed(where);
    case 'at-infeed':
      return where.and([open, weighed, where('lot', 'in', lotsAtInfeed(where, site))]);
    case 'open':
    case 'used':
      return where.and([
        open,
        weighed,
        where('lot', 'not in', lotsAtInfeed(where, site)),
        where('lot', state === 'open' ? 'in' : 'not in', waitingLots(where, site)),
      ]);
    case 'refused':
    case 'returned':
    case 'merged':
    case 'voided':
      return where('status', '=', state);
  }
}

/** @returns the rows as pages show them, in their order. */
export async function shown(records: Records, site: string, rows: readonly LotTable[]): Promise<LotRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ lot }) => lot);
  const [waiting, atInfeed, names] = await Promise.all([
    waitingGrams(records, site, ids),
    atInfeedAmong(records, site, ids),
    collectorNames(records, site, rows),
  ]);
  return rows.map((row) => {
    const waitingOfLot = waiting.get(row.lot) ?? 0;
    return {
      id: row.lot,
      number: row.number,
      kind: row.kind,
      at: row.at,
      collector: row.collector,
      collectorName: row.collector === null ? null : (names.get(row.collector) ?? row.collector),
      skimming: row.skimming,
      legalStatus: row.legalStatus,
      condition: row.condition,
      family: row.family,
      wasteCode: row.wasteCode,
      usualName: row.usualName,
      vehicle: row.vehicle,
      zone: row.zone,
      status: stateOf(row, waitingOfLot, atInfeed.has(row.lot)),
      receivedGrams: row.receivedGrams === null ? null : row.receivedGrams - row.refusedGrams,
      waitingGrams: waitingOfLot,
      refusedGrams: row.refusedGrams,
      estimated: row.estimated === 1,
    };
  });
}

function stateOf(row: LotTable, waiting: number, isAtInfeed: boolean): string {
  if (row.status !== 'open') return row.status;
  if (row.receivedGrams === null) return 'waiting-weight';
  if (isAtInfeed) return 'at-infeed';
  return waiting > 0 ? 'open' : 'used';
}

async function waitingGrams(
  records: Records,
  site: string,
  lots: readonly string[],
): Promise<Map<string, number>> {
  const inContainers = await records
    .selectFrom('holdings')
    .select((select) => ['lot', select.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('lot', 'in', lots)
    .where('account', '>=', 'container:')
    .where('account', '<', 'container;')
    .groupBy('lot')
    .execute();
  const own = await records
    .selectFrom('holdings')
    .select((select) => ['account', select.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where(
      'account',
      'in',
      lots.map((lot) => account('lot', lot)),
    )
    .groupBy('account')
    .execute();
  const waiting = new Map(inContainers.map(({ lot, grams }) => [lot, grams]));
  for (const { account: name, grams } of own) {
    const lot = name.slice('lot:'.length);
    waiting.set(lot, (waiting.get(lot) ?? 0) + grams);
  }
  return waiting;
}

async function atInfeedAmong(records: Records, site: string, lots: readonly string[]): Promise<Set<string>> {
  const rows = await records
    .selectFrom('lots')
    .select('lot')
    .where('site', '=', site)
    .where('lot', 'in', lots)
    .where((where) => where('lot', 'in', lotsAtInfeed(where, site)))
    .execute();
  return new Set(rows.map(({ lot }) => lot));
}

async function collectorNames(
  records: Records,
  site: string,
  rows: readonly LotTable[],
): Promise<Map<string, string>> {
  const collectors = [...new Set(rows.flatMap(({ collector }) => (collector === null ? [] : [collector])))];
  return partnerNames(records, site, collectors);
}

/** @returns the names of partners, by id; those that are not known are left out. */
export async function partnerNames(
  records: Records,
  site: string,
  partners: readonly string[],
): Promise<Map<string, string>> {
  if (partners.length === 0) return new Map();
  const rows = await records
    .selectFrom('partners')
    .select(['partner', 'name'])
    .where('site', '=', site)
    .where('partner', 'in', partners)
    .execute();
  return new Map(rows.map(({ partner, name }) => [partner, name]));
}
