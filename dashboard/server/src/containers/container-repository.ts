import { account } from '@trame/protocol/material/accounts';
import type { ContainerRow } from '@trame/protocol/material/material-answers';
import type { ContainerTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';

export interface ContainerQuery {
  readonly site: string;
  readonly zone: string | null;
  /** True: with something in it; false: empty; null: both. */
  readonly filled: boolean | null;
  /** The last one of the page before. */
  readonly afterId: string | null;
  readonly limit: number;
}

/** @returns containers by their ids, with what is in them. */
export async function containersOf(
  records: Records,
  { site, zone, filled, afterId, limit }: ContainerQuery,
): Promise<ContainerRow[]> {
  let select = records.selectFrom('containers').selectAll('containers').where('site', '=', site);
  if (zone !== null) select = select.where('zone', '=', zone);
  if (afterId !== null) select = select.where('container', '>', afterId);
  if (filled !== null) {
    select = select.where((where) => {
      const content = where.exists(
        where
          .selectFrom('holdings')
          .select('holdings.lot')
          .whereRef('holdings.site', '=', 'containers.site')
          .where((of) =>
            of(
              'holdings.account',
              '=',
              of.fn<string>('concat', [of.val('container:'), 'containers.container']),
            ),
          )
          .where('holdings.grams', '>', 0),
      );
      return filled ? content : where.not(content);
    });
  }
  const rows = await select.orderBy('container').limit(limit).execute();
  return containerRows(records, site, rows);
}

export async function containerRows(
  records: Records,
  site: string,
  rows: readonly ContainerTable[],
): Promise<ContainerRow[]> {
  if (rows.length === 0) return [];
  const held = await records
    .selectFrom('holdings')
    .select((of) => ['account', of.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where(
      'account',
      'in',
      rows.map(({ container }) => account('container', container)),
    )
    .groupBy('account')
    .execute();
  const grams = new Map(held.map((row) => [row.account, row.grams]));
  return rows.map((row) => ({
    id: row.container,
    kind: row.kind,
    tareGrams: row.tareGrams,
    volumeLitres: row.volumeLitres,
    zone: row.zone,
    retired: row.retired === 1,
    grams: grams.get(account('container', row.container)) ?? 0,
  }));
}
