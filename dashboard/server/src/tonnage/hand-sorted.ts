/** What people sorted, as the book says; without what the count of a machine holds already. */
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';

/** Movements that follow from what machines count: they are in the tonnes already. */
export const MACHINE_TYPES = ['throughput.counted', 'ledger.opened'] as const;

export interface LotMass {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly day: string;
  /** Source lot; null: of all together. */
  readonly lot: string | null;
  /** Less than nothing where more was put back than sorted. */
  readonly grams: number;
}

/**
 * @param from `YYYY-MM-DD`; `to` is excluded.
 * @param byLot tells source lots apart.
 */
export async function handSorted(
  records: Records,
  from: string,
  to: string,
  byLot: boolean,
): Promise<LotMass[]> {
  const rows = await records
    .selectFrom('hand_sorted')
    .select(['site', 'line', 'outlet', 'day'])
    .select((of) => [of.fn.sum<number>('grams').as('grams')])
    .$if(byLot, (select) => select.select('lot').groupBy('lot'))
    .where('day', '>=', from)
    .where('day', '<', to)
    .where((where) => where.or([where('judgedDay', 'is', null), where.not(isCounted(where))]))
    .groupBy(['site', 'line', 'outlet', 'day'])
    .execute();
  return rows
    .filter(({ grams }) => grams !== 0)
    .map(({ lot, ...row }) => ({ ...row, lot: byLot ? (lot ?? null) : null }));
}

type SortedOfLot = Pick<LotMass, 'outlet' | 'grams'> & { readonly lot: string };

/** @returns what people sorted of these source lots ever, by outlet; the same that {@link handSorted} tells. */
export function handSortedOfLots(
  records: Records,
  site: string,
  lots: readonly string[],
): Promise<SortedOfLot[]> {
  return records
    .selectFrom('hand_sorted')
    .select(['lot', 'outlet'])
    .select((of) => [of.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('lot', 'in', lots)
    .where((where) => where.or([where('judgedDay', 'is', null), where.not(isCounted(where))]))
    .groupBy(['lot', 'outlet'])
    .execute();
}

/** Where a machine counted what fell into the outlet on that day, it alone says how much that was. */
function isCounted(where: ExpressionBuilder<Tables, 'hand_sorted'>): Expression<SqlBool> {
  return where.or(
    (['sorted', 'sorted_before_ledger'] as const).map((table) =>
      where.exists(
        where
          .selectFrom(table)
          .select(sql`1`.as('one'))
          .whereRef(`${table}.site`, '=', 'hand_sorted.site')
          .whereRef(`${table}.line`, '=', 'hand_sorted.line')
          .whereRef(`${table}.day`, '=', 'hand_sorted.judgedDay')
          .whereRef(`${table}.outlet`, '=', 'hand_sorted.outlet'),
      ),
    ),
  );
}
