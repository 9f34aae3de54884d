import type { WeighingRow } from '@trame/protocol/dashboard-api';
import type { WeighingTable } from '../ledger/ledger-tables.ts';
import type { Records } from '../records/open-records.ts';

/** Where a page ended: the next one begins behind it. */
export interface WeighingPlace {
  readonly at: number;
  readonly id: string;
}

export interface WeighingQuery {
  /** Null: all lines. */
  readonly line: string | null;
  /** ms since 1970 UTC; null: from the first on. */
  readonly fromMs: number | null;
  /** Excluded; null: to the last. */
  readonly toMs: number | null;
  readonly after: WeighingPlace | null;
  readonly limit: number;
}

/** @returns weighings, latest first; those of one instant by their ids. */
export async function weighings(records: Records, query: WeighingQuery): Promise<readonly WeighingRow[]> {
  const { line, fromMs, toMs, after, limit } = query;
  let select = records.selectFrom('weighings').selectAll();
  if (line !== null) select = select.where('line', '=', line);
  if (fromMs !== null) select = select.where('at', '>=', fromMs);
  if (toMs !== null) select = select.where('at', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select.where((where) =>
      where.or([where('at', '<', at), where.and([where('at', '=', at), where('id', '<', id)])]),
    );
  }
  const rows = await select.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(shown);
}

/** The table's texts are what the ledger's schema allows, and nothing else. */
function shown({ recordedAt: _at, countLife: _life, simulated, ...row }: WeighingTable): WeighingRow {
  return { ...row, simulated: simulated === 1 } as WeighingRow;
}
