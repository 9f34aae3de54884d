/** Outputs as pages show them. */
import { account } from '@trame/protocol/material/accounts';
import type { BaleRow, ContentRow } from '@trame/protocol/material/material-answers';
import type { Place } from '../http/keyset.ts';
import { partnerNames } from '../lots/lot-repository.ts';
import { MaterialBook } from '../material/material-book.ts';
import type { Period } from '../material/query-period.ts';
import type { OutputTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';

export interface BaleQuery extends Period {
  readonly site: string;
  readonly status: string | null;
  readonly outlet: string | null;
  readonly zone: string | null;
  readonly press: string | null;
  readonly number: number | null;
  readonly code: string | null;
  readonly after: Place | null;
  readonly limit: number;
}

/** @returns outputs, latest started first. */
export async function balesOf(records: Records, query: BaleQuery): Promise<BaleRow[]> {
  const { site, number, fromMs, toMs, after, limit } = query;
  let select = records.selectFrom('outputs').selectAll().where('site', '=', site);
  for (const column of ['status', 'outlet', 'zone', 'press'] as const) {
    const value = query[column];
    if (value !== null) select = select.where(column, '=', value);
  }
  if (query.code !== null) {
    const { code } = query;
    select = select.where('output', 'in', (where) =>
      where
        .selectFrom('output_codes')
        .select('output_codes.output')
        .where('output_codes.site', '=', site)
        .where('output_codes.code', '=', code),
    );
  }
  if (number !== null) select = select.where('number', '=', number);
  if (fromMs !== null) select = select.where('startedAt', '>=', fromMs);
  if (toMs !== null) select = select.where('startedAt', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('startedAt', '<=', at)
      .where((where) => where.or([where('startedAt', '<', at), where('output', '<', id)]));
  }
  const rows = await select.orderBy('startedAt', 'desc').orderBy('output', 'desc').limit(limit).execute();
  return rows.map(baleRow);
}

export function baleRow(row: OutputTable): BaleRow {
  return {
    id: row.output,
    number: row.number,
    line: row.line,
    press: row.press,
    outlet: row.outlet,
    unit: row.unit,
    status: row.status,
    startedAt: row.startedAt,
    weighedAt: row.weighedAt,
    grossGrams: row.grossGrams,
    packagingGrams: row.packagingGrams,
    netGrams: row.netGrams,
    weightHow: row.weightHow,
    pieces: row.pieces,
    pairs: row.pairs,
    unusual: row.unusual === 1,
    damaged: row.damaged === 1,
    code: row.code,
    zone: row.zone,
    shipment: row.shipment,
    sheet: row.sheet,
  };
}

const SHORT_NUMBER = /^\d{1,9}$/u;

/** @param name id, short number, or the code of one of its labels: that of a voided output only when no other bears it. */
export async function findBale(
  records: Records,
  site: string,
  name: string,
): Promise<OutputTable | undefined> {
  const outputs = records.selectFrom('outputs').selectAll().where('site', '=', site);
  const byId = await outputs.where('output', '=', name).executeTakeFirst();
  if (byId !== undefined) return byId;
  if (SHORT_NUMBER.test(name)) {
    const byNumber = await outputs.where('number', '=', Number(name)).executeTakeFirst();
    if (byNumber !== undefined) return byNumber;
  }
  return new MaterialBook(records, site).outputByCode(name);
}

/** @returns what an account holds by source lot, most first. */
export async function contentOf(records: Records, site: string, name: string): Promise<ContentRow[]> {
  const rows = await records
    .selectFrom('holdings')
    .leftJoin('lots', (join) =>
      join.onRef('lots.site', '=', 'holdings.site').onRef('lots.lot', '=', 'holdings.lot'),
    )
    .select(['holdings.lot', 'holdings.grams', 'lots.collector'])
    .where('holdings.site', '=', site)
    .where('holdings.account', '=', name)
    .where('holdings.grams', '>', 0)
    .orderBy('holdings.grams', 'desc')
    .orderBy('holdings.lot')
    .execute();
  const collectors = [...new Set(rows.flatMap(({ collector }) => (collector === null ? [] : [collector])))];
  const names = await partnerNames(records, site, collectors);
  return rows.map(({ lot, grams, collector }) => ({
    lot,
    grams,
    collector: collector === null ? null : (names.get(collector) ?? collector),
  }));
}

export function outputAccount({ output }: Pick<OutputTable, 'output'>): string {
  return account('output', output);
}
