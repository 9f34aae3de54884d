/** Pieces that were read one by one, by day. */
import { sql, type Transaction } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Tables } from '../records/tables.ts';
import { ITEM_DAY_KEY, SUM_COLUMNS, type ItemBatchTable, type ItemDayTable } from './item-tables.ts';

/** Adds what was not told before to the days. */
export async function writeItemDays(
  transaction: Transaction<Tables>,
  fresh: readonly ItemBatchTable[],
): Promise<void> {
  for (const part of parts(byDay(fresh))) {
    await transaction
      .insertInto('item_days')
      .values(part)
      .onConflict((conflict) => conflict.columns(ITEM_DAY_KEY).doUpdateSet(ADDED))
      .execute();
  }
}

const ADDED = Object.fromEntries(
  SUM_COLUMNS.map((column) => [
    column,
    sql<number>`${sql.ref(`item_days.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
  ]),
);

/** @returns one for each day, as one statement may add to it but once. */
function byDay(batches: readonly ItemBatchTable[]): ItemDayTable[] {
  const days = new Map<string, ItemDayTable>();
  for (const batch of batches) {
    const { site, line, day, outlet } = batch;
    const followed = {
      programme: batch.programme ?? '',
      programmeVersion: batch.programmeVersion ?? 0,
      programmeHash: batch.programmeHash ?? '',
      model: batch.model ?? '',
    };
    const key = JSON.stringify([site, line, day, outlet, ...Object.values(followed)]);
    const before = days.get(key);
    const sums = Object.fromEntries(
      SUM_COLUMNS.map((column) => [column, (before?.[column] ?? 0) + batch[column]]),
    ) as Record<(typeof SUM_COLUMNS)[number], number>;
    days.set(key, { ...sums, site, line, day, outlet, ...followed });
  }
  return [...days.values()];
}
