/** What was found of source lots so far: sorted by hand, and counted by machines, by outlet. */
import { parts } from '../ledger/parts.ts';
import type { Records } from '../records/open-records.ts';
import { handSortedOfLots, MACHINE_TYPES } from '../tonnage/hand-sorted.ts';
import type { LotFound } from './expect-outlets.ts';

/** @param lots of the site that came in under their own name. @returns in their order. */
export async function foundInLots(
  records: Records,
  site: string,
  lots: readonly string[],
): Promise<LotFound[]> {
  const found = new Map<string, { receivedGrams: number; readonly outlets: Map<string, number> }>();
  for (const lot of lots) found.set(lot, { receivedGrams: 0, outlets: new Map() });
  for (const part of parts(lots)) {
    const masses = [
      ...(await handSortedOfLots(records, site, part)),
      ...(await countedOfLots(records, site, part)),
    ];
    for (const { lot, outlet, grams } of masses) {
      const outlets = found.get(lot)?.outlets;
      outlets?.set(outlet, grams + (outlets.get(outlet) ?? 0));
    }
    for (const { lot, grams } of await outerOfLots(records, site, part)) {
      const one = found.get(lot);
      if (one !== undefined) one.receivedGrams -= grams;
    }
  }
  return lots.flatMap((lot) => {
    const one = found.get(lot);
    if (one === undefined) return [];
    // More was put back than sorted: of that outlet nothing is left.
    const outlets = new Map([...one.outlets].filter(([, grams]) => grams > 0));
    return [{ lot, receivedGrams: Math.max(0, one.receivedGrams), outlets }];
  });
}

/** @returns what machines counted of these source lots ever, by outlet. */
export async function countedOfLots(records: Records, site: string, lots: readonly string[]) {
  const rows = await records
    .selectFrom('postings')
    .select(['lot', 'toAccount'])
    .select((of) => [of.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('lot', 'in', lots)
    // No range: of one lot SQLite would rather go through all that ever fell into bins.
    .where('toAccount', 'like', 'bin:%')
    .where('type', 'in', MACHINE_TYPES)
    .groupBy(['lot', 'toAccount'])
    .execute();
  return rows.map(({ toAccount, ...row }) => ({
    ...row,
    outlet: toAccount.slice(toAccount.indexOf('/') + 1),
  }));
}

/** What came of them from collectors (less than nothing), less what went back and what dried away. */
function outerOfLots(records: Records, site: string, lots: readonly string[]) {
  return records
    .selectFrom('holdings')
    .select(['lot'])
    .select((of) => [of.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('lot', 'in', lots)
    .where((where) =>
      where.or(
        (['collector:', 'returned:', 'water:'] as const).map((kind) => where('account', 'like', `${kind}%`)),
      ),
    )
    .groupBy('lot')
    .execute();
}
