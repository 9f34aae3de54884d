/** What was sent and not stored: one row for each reason and place, counted. */
import { sql, type Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import type { LineAddress } from './judge-event.ts';
import type { RefusalCode } from '@trame/protocol/ledger-names';
import type { Refusal } from './ledger-store.ts';
import type { LedgerRefusalTable } from './ledger-tables.ts';
import { REFUSALS_MAX, REFUSALS_PER_LINE_MAX, STRANGERS_KEPT_MS } from './limits.ts';

/** Said by whoever has another ledger of the line: whether that holds it up is seen when it is looked at. */
const OTHER_LEDGER_CODES: readonly RefusalCode[] = ['unknown-epoch', 'fork'];

/** @returns whether it comes from another ledger under the line's name. */
export function isOfOtherLedger(code: RefusalCode): boolean {
  return OTHER_LEDGER_CODES.includes(code);
}

/** A line that goes on does not stand still. */
export async function endBlocking(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
): Promise<void> {
  await transaction
    .updateTable('ledger_refusals')
    .set({ blocking: 0 })
    .where('site', '=', site)
    .where('line', '=', line)
    .where('blocking', '=', 1)
    .where('code', 'not in', OTHER_LEDGER_CODES)
    .execute();
}

export async function noteRefusals(
  transaction: Transaction<Tables>,
  address: LineAddress,
  refusals: readonly Refusal[],
  nowMs: number,
): Promise<void> {
  const rows = counted(address, refusals, nowMs);
  if (rows.length === 0) return;
  await forgetStrangers(transaction, nowMs - STRANGERS_KEPT_MS);
  const { all } = await transaction
    .selectFrom('ledger_refusals')
    .select((select) => select.fn.countAll<number>().as('all'))
    .executeTakeFirstOrThrow();
  if (all >= REFUSALS_MAX) await forgetOldest(transaction);
  for (const row of rows) {
    await transaction
      .insertInto('ledger_refusals')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['site', 'line', 'code', 'epoch', 'seq']).doUpdateSet((update) => ({
          count: update('ledger_refusals.count', '+', row.count),
          detail: row.detail,
          lastAt: row.lastAt,
          blocking: row.blocking,
        })),
      )
      .execute();
  }
  await keepBounded(transaction, address);
}

function counted(
  address: LineAddress,
  refusals: readonly Refusal[],
  nowMs: number,
): readonly LedgerRefusalTable[] {
  const rows = new Map<string, LedgerRefusalTable>();
  for (const { code, detail, epoch, seq, blocking } of refusals) {
    const key = `${code}/${epoch ?? ''}/${seq ?? 0}`;
    const count = (rows.get(key)?.count ?? 0) + 1;
    rows.set(key, {
      site: address.site,
      line: address.line,
      code,
      epoch: epoch ?? '',
      seq: seq ?? 0,
      detail,
      count,
      firstAt: nowMs,
      lastAt: nowMs,
      blocking: Number(blocking),
    });
  }
  return [...rows.values()];
}

async function keepBounded(transaction: Transaction<Tables>, { site, line }: LineAddress): Promise<void> {
  const rows = await transaction
    .selectFrom('ledger_refusals')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy(awaitsDecision, 'desc')
    .orderBy('blocking', 'desc')
    .orderBy('lastAt', 'desc')
    .execute();
  for (const row of rows.slice(REFUSALS_PER_LINE_MAX)) await forget(transaction, row);
}

/** 1: a person is to decide on it, and could not if others pushed it out. */
const awaitsDecision = sql<number>`case when code = 'unknown-epoch' then 1 else 0 end`;

/** Names without a ledger here. */
async function forgetStrangers(transaction: Transaction<Tables>, beforeMs: number): Promise<void> {
  await transaction
    .deleteFrom('ledger_refusals')
    .where('lastAt', '<', beforeMs)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('ledger_cursors')
            .select('ledger_cursors.line')
            .whereRef('ledger_cursors.site', '=', 'ledger_refusals.site')
            .whereRef('ledger_cursors.line', '=', 'ledger_refusals.line'),
        ),
      ),
    )
    .execute();
}

async function forgetOldest(transaction: Transaction<Tables>): Promise<void> {
  const oldest = await transaction
    .selectFrom('ledger_refusals')
    .selectAll()
    .orderBy(awaitsDecision)
    .orderBy('lastAt')
    .limit(REFUSALS_PER_LINE_MAX)
    .execute();
  for (const row of oldest) await forget(transaction, row);
}

async function forget(transaction: Transaction<Tables>, row: LedgerRefusalTable): Promise<void> {
  await transaction
    .deleteFrom('ledger_refusals')
    .where('site', '=', row.site)
    .where('line', '=', row.line)
    .where('code', '=', row.code)
    .where('epoch', '=', row.epoch)
    .where('seq', '=', row.seq)
    .execute();
}

/** @returns refusals of all lines, those that hold a line up first, then the latest. */
export function ledgerRefusals(records: Records): Promise<LedgerRefusalTable[]> {
  return records
    .selectFrom('ledger_refusals')
    .selectAll()
    .orderBy('blocking', 'desc')
    .orderBy('lastAt', 'desc')
    .orderBy('site')
    .orderBy('line')
    .orderBy('code')
    .orderBy('epoch')
    .orderBy('seq')
    .execute();
}
