/**
 * What was sorted, by who brought it or where it was collected: by the source lots that the book carries through the line
 * into bins and outputs. What machines counted and the book has no movement for (before there was a book) is of unknown
 * origin. Parts of a lot go to its communes by its stated key.
 */
import { communeGrams, type CommuneOfLot } from '../lots/commune-grams.ts';
import { parts } from '../ledger/parts.ts';
import type { Records } from '../records/open-records.ts';
import { handSorted, MACHINE_TYPES, type LotMass } from './hand-sorted.ts';
import { machineSorted, type Origin, type SortedAsked, type SortedMass } from './tonnage-repository.ts';

export interface OriginAsked extends SortedAsked {
  readonly by: 'collector' | 'commune';
}

const UNKNOWN: Origin = { key: null, label: null, estimated: false };

interface LotOrigin {
  readonly collector: string | null;
  readonly name: string | null;
  readonly communes: readonly CommuneOfLot[];
  readonly weighedApart: boolean;
}

/** @returns masses with their origin; together the same as without. */
export async function sortedByOrigin(records: Records, { from, to, by }: OriginAsked): Promise<SortedMass[]> {
  const byHand = await handSorted(records, from, to, true);
  const counted = await countedByLot(records, from, to);
  const masses = [...byHand, ...counted, ...unexplained(await machineSorted(records, from, to), counted)];
  const origins = await originsOf(records, masses);
  return masses.flatMap((mass) => {
    const origin = mass.lot === null ? undefined : origins.get(lotKey(mass.site, mass.lot));
    return withOrigin(mass, origin, by);
  });
}

function withOrigin(
  { lot: _lot, ...mass }: LotMass,
  origin: LotOrigin | undefined,
  by: OriginAsked['by'],
): SortedMass[] {
  if (origin === undefined) return [{ ...mass, origin: UNKNOWN }];
  if (by === 'collector') {
    return [{ ...mass, origin: { key: origin.collector, label: origin.name, estimated: false } }];
  }
  const sign = Math.sign(mass.grams);
  const grams = communeGrams(origin.communes, Math.abs(mass.grams));
  const left = mass.grams - sign * grams.reduce((sum, part) => sum + part, 0);
  return [
    ...origin.communes.map(({ insee, name }, index): SortedMass => {
      const told = { key: insee, label: name === '' ? null : name, estimated: !origin.weighedApart };
      return { ...mass, grams: sign * (grams[index] ?? 0), origin: told };
    }),
    { ...mass, grams: left, origin: UNKNOWN },
  ].filter((part) => part.grams !== 0);
}

/** What machines counted into bins, as the book carried it. */
async function countedByLot(records: Records, from: string, to: string): Promise<LotMass[]> {
  const sites = await records.selectFrom('ledger_cursors').select('site').distinct().execute();
  const found: LotMass[] = [];
  for (const { site } of sites) {
    const rows = await records
      .selectFrom('postings')
      .select(['toAccount', 'day', 'lot'])
      .select((of) => of.fn.sum<number>('grams').as('grams'))
      .where('site', '=', site)
      .where('day', '>=', from)
      .where('day', '<', to)
      .where('type', 'in', MACHINE_TYPES)
      .where('toAccount', '>', 'bin:')
      .where('toAccount', '<', 'bin;')
      .groupBy(['toAccount', 'day', 'lot'])
      .execute();
    for (const { toAccount, ...row } of rows) {
      const [line = '', outlet = ''] = toAccount.slice('bin:'.length).split('/');
      found.push({ ...row, site, line, outlet });
    }
  }
  return found;
}

/** What machines counted beyond what the book has movements for; of a lot that nobody knows. */
function unexplained(counted: readonly SortedMass[], carried: readonly LotMass[]): LotMass[] {
  const left = new Map<string, LotMass>();
  for (const { site, line, outlet, day, grams } of counted) {
    const key = JSON.stringify([site, line, outlet, day]);
    left.set(key, { site, line, outlet, day, lot: null, grams: grams + (left.get(key)?.grams ?? 0) });
  }
  for (const { site, line, outlet, day, grams } of carried) {
    const key = JSON.stringify([site, line, outlet, day]);
    left.set(key, { site, line, outlet, day, lot: null, grams: (left.get(key)?.grams ?? 0) - grams });
  }
  return [...left.values()].filter(({ grams }) => grams !== 0);
}

async function originsOf(records: Records, masses: readonly LotMass[]): Promise<Map<string, LotOrigin>> {
  const lots = new Map<string, Set<string>>();
  for (const { site, lot } of masses) {
    if (lot !== null) lots.set(site, (lots.get(site) ?? new Set()).add(lot));
  }
  const origins = new Map<string, LotOrigin>();
  for (const [site, names] of lots) {
    for (const part of parts([...names])) {
      const rows = await records
        .selectFrom('lots')
        .leftJoin('partners', (join) =>
          join.onRef('partners.site', '=', 'lots.site').onRef('partners.partner', '=', 'lots.collector'),
        )
        .select(['lots.lot', 'lots.collector', 'lots.communes', 'lots.allocation', 'partners.name'])
        .where('lots.site', '=', site)
        .where('lots.lot', 'in', part)
        .execute();
      for (const { lot, collector, communes, allocation, name } of rows) {
        origins.set(lotKey(site, lot), {
          collector,
          name,
          communes: JSON.parse(communes) as CommuneOfLot[],
          weighedApart: allocation === 'weighed-apart',
        });
      }
    }
  }
  return origins;
}

function lotKey(site: string, lot: string): string {
  return `${site} ${lot}`;
}
