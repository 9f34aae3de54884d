import type { WeighingRow } from '@trame/protocol/dashboard-api';
import type { WeighingTable } from '../ledger/ledger-tables.ts';
import type { ExpressionBuilder } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';

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
  /** Null: all scales. */
  readonly scale: string | null;
  /** True: only recorded ones that nothing claims; false: only those that something claims. */
  readonly unclaimed: boolean | null;
  readonly after: WeighingPlace | null;
  readonly limit: number;
}

/** @returns weighings, latest first; those of one instant by their ids. */
export async function weighings(records: Records, query: WeighingQuery): Promise<readonly WeighingRow[]> {
  const { line, scale, fromMs, toMs, unclaimed, after, limit } = query;
  let select = records.selectFrom('weighings').selectAll();
  if (line !== null) select = select.where('line', '=', line);
  if (scale !== null) select = select.where('scale', '=', scale);
  if (unclaimed !== null) select = select.where((where) => isClaimed(where, !unclaimed));
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

/** Of what nothing claims only what could be claimed: a stable weighing that contradicts no other. */
function isClaimed(where: ExpressionBuilder<Tables, 'weighings'>, claimed: boolean) {
  const claim = where.exists(
    where
      .selectFrom('weighing_claims')
      .select('weighing_claims.weighing')
      .whereRef('weighing_claims.site', '=', 'weighings.site')
      .whereRef('weighing_claims.weighing', '=', 'weighings.id'),
  );
  if (claimed) return claim;
  return where.and([where('kind', '=', 'recorded'), where('contradicts', 'is', null), where.not(claim)]);
}

/** The table's texts are what the ledger's schema allows, and nothing else. */
function shown({ recordedAt: _at, countLife: _life, simulated, ...row }: WeighingTable): WeighingRow {
  return { ...row, simulated: simulated === 1 } as WeighingRow;
}
