import { account } from '@trame/protocol/material/accounts';
import type { ContainerRow } from '@trame/protocol/material/material-answers';
import type { ContainerTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';

/** Where the id begins in `container:C-017`, as SQL counts. */
const CONTAINER_ID_FROM = 'container:'.length + 1;

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
    select = select.where((where) =>
      where(
        'container',
        filled ? 'in' : 'not in',
        where
          .selectFrom('holdings')
          .select((of) =>
            of.fn<string>('substr', ['holdings.account', of.val(CONTAINER_ID_FROM)]).as('container'),
          )
          .where('holdings.site', '=', site)
          .where('holdings.account', '>=', 'container:')
          .where('holdings.account', '<', 'container;')
          .where('holdings.grams', '>', 0),
      ),
    );
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
