/** What lies where: outputs by zone, what is not sorted yet, and what is in no zone. */
import { account, accountKind, accountName } from '@trame/protocol/material/accounts';
import { sql, type Kysely } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Tables } from '../records/tables.ts';

/** The records, or a transaction of them. */
type Records = Kysely<Tables>;

/** Outputs of one zone that are told as one. */
export interface StandingOutputs {
  /** Null: nobody placed them. */
  readonly zone: string | null;
  readonly outlet: string;
  readonly unit: string;
  readonly count: number;
  readonly grams: number;
  readonly toWeigh: number;
}

/** A place that holds material and is no output in stock. */
export interface HeldPlace {
  readonly account: string;
  readonly grams: number;
  /** Of lots, containers and outputs; null: nobody placed it, or it is no thing that is placed. */
  readonly zone: string | null;
  /** Of containers that say it. */
  readonly volumeLitres: number | null;
}

export interface StockFacts {
  /** In stock, weighed or not. */
  readonly outputs: readonly StandingOutputs[];
  readonly loaded: readonly { readonly shipment: string; readonly grams: number }[];
  readonly places: readonly HeldPlace[];
}

/** @returns everything that is on the site, and what is away at subcontractors. */
export async function stockFacts(records: Records, site: string): Promise<StockFacts> {
  const unweighed = await unweighedOutputs(records, site);
  const inStock = unweighed.filter(({ status }) => status === 'to-weigh');
  const inWork = unweighed.filter(({ status }) => status !== 'to-weigh');
  return {
    outputs: await standingOutputs(records, site, inStock),
    loaded: await loadedOutputs(records, site),
    places: [
      ...(await heldPlaces(records, site)),
      ...inWork.map(({ output, grams, zone }) => {
        return { account: account('output', output), grams, zone, volumeLitres: null };
      }),
    ],
  };
}

/** Pressed anew from others: it holds what they held, and no scale has said how much that is. */
interface UnweighedOutput {
  readonly output: string;
  readonly status: string;
  readonly zone: string | null;
  readonly outlet: string;
  readonly unit: string;
  readonly grams: number;
}

async function unweighedOutputs(records: Records, site: string): Promise<UnweighedOutput[]> {
  const held = new Map<string, UnweighedOutput>();
  for (const status of ['started', 'pressed', 'to-weigh']) {
    // Neither summed nor sorted where it is read: in the order of outputs all that were ever made are walked through.
    const rows = await records
      .selectFrom('outputs')
      .innerJoin('holdings', (join) =>
        join
          .onRef('holdings.site', '=', 'outputs.site')
          .on('holdings.account', '=', sql<string>`'output:' || ${sql.ref('outputs.output')}`),
      )
      .select(['output', 'status', 'zone', 'outlet', 'unit', 'grams'])
      .where('outputs.site', '=', site)
      .where('status', '=', status)
      .where('netGrams', 'is', null)
      .execute();
    for (const row of rows) {
      const grams = row.grams + (held.get(row.output)?.grams ?? 0);
      held.set(row.output, { ...row, grams });
    }
  }
  return [...held.values()].sort((a, b) => (a.output < b.output ? -1 : 1));
}

async function standingOutputs(
  records: Records,
  site: string,
  unweighed: readonly UnweighedOutput[],
): Promise<StandingOutputs[]> {
  const joined = new Map<string, StandingOutputs>();
  const add = (row: Omit<StandingOutputs, 'toWeigh'>, toWeigh: number): void => {
    const key = JSON.stringify([row.zone, row.outlet, row.unit]);
    const before = joined.get(key) ?? { ...row, count: 0, grams: 0, toWeigh: 0 };
    joined.set(key, {
      ...before,
      count: before.count + row.count,
      grams: before.grams + row.grams,
      toWeigh: before.toWeigh + toWeigh,
    });
  };
  // One question for each status: both in one are read through everything that was ever made.
  for (const row of await outputsOfStatus(records, site, 'stock')) add(row, 0);
  for (const row of await outputsOfStatus(records, site, 'to-weigh')) add(row, row.count);
  for (const { zone, outlet, unit, grams } of unweighed) add({ zone, outlet, unit, count: 0, grams }, 0);
  return [...joined.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ outlet, unit }: StandingOutputs): string {
  return `${outlet} ${unit}`;
}

function outputsOfStatus(
  records: Records,
  site: string,
  status: string,
): Promise<Omit<StandingOutputs, 'toWeigh'>[]> {
  return records
    .selectFrom('outputs')
    .select((of) => [
      'zone',
      'outlet',
      'unit',
      of.fn.countAll<number>().as('count'),
      of.fn.coalesce(of.fn.sum<number>('netGrams'), of.lit(0)).as('grams'),
    ])
    .where('site', '=', site)
    .where('status', '=', status)
    .groupBy(['status', 'zone', 'outlet', 'unit'])
    .execute();
}

/** @returns grams of outputs that are loaded and have not left yet, by shipment. */
async function loadedOutputs(
  records: Records,
  site: string,
): Promise<{ readonly shipment: string; readonly grams: number }[]> {
  // Not summed where it is read: by shipment it would be looked for through all that were ever sent.
  const rows = await records
    .selectFrom('outputs')
    .select(['shipment', 'netGrams'])
    .where('site', '=', site)
    .where('status', '=', 'loaded')
    .execute();
  const sums = new Map<string, number>();
  for (const { shipment, netGrams } of rows) {
    const name = shipment ?? '';
    sums.set(name, (sums.get(name) ?? 0) + (netGrams ?? 0));
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([shipment, grams]) => ({ shipment, grams }));
}

const PLACES = ['lot', 'container', 'bin', 'line', 'subcontractor'] as const;

/** @returns lots, containers, bins, lines and subcontractors that hold something. */
async function heldPlaces(records: Records, site: string): Promise<HeldPlace[]> {
  const held: { account: string; grams: number }[] = [];
  for (const kind of PLACES) {
    const rows = await records
      .selectFrom('holdings')
      .select((of) => ['account', of.fn.sum<number>('grams').as('grams')])
      .where('site', '=', site)
      // Accounts of one kind lie between its colon and the sign after it.
      .where('account', '>', `${kind}:`)
      .where('account', '<', `${kind};`)
      .groupBy('account')
      .orderBy('account')
      .execute();
    held.push(...rows);
  }
  const zones = await zonesOf(
    records,
    site,
    held.map(({ account }) => account),
  );
  return held.map((row) => ({ ...row, ...(zones.get(row.account) ?? { zone: null, volumeLitres: null }) }));
}

async function zonesOf(
  records: Records,
  site: string,
  accounts: readonly string[],
): Promise<Map<string, Pick<HeldPlace, 'zone' | 'volumeLitres'>>> {
  const zones = new Map<string, Pick<HeldPlace, 'zone' | 'volumeLitres'>>();
  const named = (kind: string) => accounts.filter((name) => accountKind(name) === kind).map(accountName);
  for (const part of parts(named('lot'))) {
    const rows = await records
      .selectFrom('lots')
      .select(['lot', 'zone'])
      .where('site', '=', site)
      .where('lot', 'in', part)
      .execute();
    for (const { lot, zone } of rows) zones.set(`lot:${lot}`, { zone, volumeLitres: null });
  }
  for (const part of parts(named('container'))) {
    const rows = await records
      .selectFrom('containers')
      .select(['container', 'zone', 'volumeLitres'])
      .where('site', '=', site)
      .where('container', 'in', part)
      .execute();
    for (const { container, zone, volumeLitres } of rows) {
      zones.set(`container:${container}`, { zone, volumeLitres });
    }
  }
  return zones;
}
