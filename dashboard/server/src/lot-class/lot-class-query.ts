/** The class of a lot, from what was found of it or of lots like it. */
import type { LotClass } from '@trame/protocol/classification/classification-answers';
import { account } from '@trame/protocol/material/accounts';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { LotTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { MACHINE_TYPES } from '../tonnage/hand-sorted.ts';
import { lotOf } from '../lots/lot-repository.ts';
import { expectOutlets, isTelling, type LotFound } from './expect-outlets.ts';
import { foundInLots } from './found-in-lots.ts';

/** Lots that are looked at, all of them begun, and of them those that tell something: the latest. */
const LOOKED_AT_MAX = 80;
const LOTS_MAX = 40;
/** Seasons come round in a year. */
const LIKE_LOTS_WITHIN_MS = 365 * 24 * 3_600_000;

export interface ClassAsked {
  readonly site: string;
  readonly lot: string;
  readonly nowMs: number;
}

/** @returns null: there is no such lot. */
export async function lotClassOf(records: Records, asked: ClassAsked): Promise<LotClass | null> {
  const { site, lot } = asked;
  const row = await lotOf(records, site, lot);
  if (row === undefined) return null;
  const { own, sortedGrams } = await ownOf(records, row);
  if (isTelling(own)) return expectOutlets(own, sortedGrams, { like: [], site: [] });
  const like = await tellingLots(records, asked, row);
  const only = expectOutlets(own, sortedGrams, { like, site: [] });
  if (only.basis === 'like') return only;
  return expectOutlets(own, sortedGrams, { like, site: await tellingLots(records, asked, null) });
}

/**
 * What came in under a lot's own name is followed wherever it went. Of one that was made of others (split, merged, brought back) only
 * what still bears its name is known: what left it counts as sorted, and as found of the lots it came from.
 */
async function ownOf(
  records: Records,
  { site, lot, kind, receivedGrams }: LotTable,
): Promise<{ readonly own: LotFound; readonly sortedGrams: number | null }> {
  if (kind === 'received') {
    const [own = { lot, receivedGrams: 0, outlets: new Map<string, number>() }] = await foundInLots(
      records,
      site,
      [lot],
    );
    return { own, sortedGrams: null };
  }
  const left = await records
    .selectFrom('holdings')
    .select((of) => of.fn.sum<number>('grams').as('grams'))
    .where('site', '=', site)
    .where('account', '=', account('lot', lot))
    .executeTakeFirst();
  const received = receivedGrams ?? 0;
  const own = { lot, receivedGrams: received, outlets: new Map<string, number>() };
  return { own, sortedGrams: Math.max(0, received - (left?.grams ?? 0)) };
}

/** @param like null: all lots of the site. @returns the latest of the last year that tell something, itself left out. */
async function tellingLots(
  records: Records,
  { site, lot, nowMs }: ClassAsked,
  like: Pick<LotTable, 'collector' | 'skimming' | 'family'> | null,
): Promise<readonly LotFound[]> {
  let select = records
    .selectFrom('lots')
    .select('lot')
    .where('site', '=', site)
    .where('kind', '=', 'received')
    .where('at', '>=', nowMs - LIKE_LOTS_WITHIN_MS)
    .where('lot', '!=', lot)
    .where(isBegun);
  if (like !== null) {
    const { collector, skimming, family } = like;
    select = select
      .where('skimming', '=', skimming)
      .where('family', '=', family)
      .where('collector', collector === null ? 'is' : '=', collector);
  }
  const rows = await select.orderBy('at', 'desc').orderBy('lot', 'desc').limit(LOOKED_AT_MAX).execute();
  const found = await foundInLots(
    records,
    site,
    rows.map((row) => row.lot),
  );
  return found.filter(isTelling).slice(0, LOTS_MAX);
}

/** Anything of it was sorted, by people or a machine. A lot that waits tells nothing, and there may be hundreds of them. */
function isBegun(where: ExpressionBuilder<Tables, 'lots'>): Expression<SqlBool> {
  return where.or([
    where.exists(
      where
        .selectFrom('hand_sorted')
        .select(sql`1`.as('one'))
        .whereRef('hand_sorted.site', '=', 'lots.site')
        .whereRef('hand_sorted.lot', '=', 'lots.lot'),
    ),
    where.exists(
      where
        .selectFrom('postings')
        .select(sql`1`.as('one'))
        .whereRef('postings.site', '=', 'lots.site')
        .whereRef('postings.lot', '=', 'lots.lot')
        .where('postings.toAccount', 'like', 'bin:%')
        .where('postings.type', 'in', MACHINE_TYPES),
    ),
  ]);
}
