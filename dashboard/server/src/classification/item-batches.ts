/**
 * Pieces that an edge says it sorted, as rows that add up. A piece has its number for as long as its station counts: what an
 * edge that was restored, or whose ledger was replaced, tells a second time counts once.
 */
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';
import { READINGS } from '@trame/protocol/sort-programmes/programme-inputs';
import type { Transaction } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Tables } from '../records/tables.ts';
import { writeItemDays } from './item-days.ts';
import { FIBRE_COLUMNS, READING_COLUMNS, SUM_COLUMNS, type ItemBatchTable } from './item-tables.ts';

export interface ItemsChange {
  readonly kind: 'items';
  readonly row: ItemBatchTable;
}

/** Hundredths of a percent, or of a point. */
const STEPS = 100;

export function itemsChange(
  event: LedgerEvent,
  said: ItemsSorted,
  dayOf: (atMs: number) => string,
): ItemsChange {
  const { site, line, id, clock } = event;
  const { described, items, late, programme, model } = said;
  const toAt = happenedAtMs({ occurredAt: said.toAt, clock });
  const fromAt = Math.min(toAt, happenedAtMs({ occurredAt: said.fromAt, clock }));
  const row = {
    ...NO_SUMS,
    site,
    line,
    event: id,
    device: said.device,
    life: said.life,
    outlet: said.outlet,
    fromSeq: said.fromSeq,
    toSeq: said.toSeq,
    fromAt,
    toAt,
    day: dayOf(toAt),
    items,
    described,
    late,
    squares: Math.round(((said.errorPoints ?? 0) * STEPS) ** 2) * described,
    programme: programme?.id ?? null,
    programmeVersion: programme?.version ?? null,
    programmeHash: programme?.hash ?? null,
    model: model?.id ?? null,
    modelHash: model?.sha256 ?? null,
  };
  for (const reading of READINGS) row[READING_COLUMNS[reading]] = said.readings[reading];
  for (const { fibre, percent } of said.composition) {
    row[FIBRE_COLUMNS[fibre]] += Math.round(percent * STEPS) * described;
  }
  return { kind: 'items', row };
}

const NO_SUMS = Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0])) as Record<
  (typeof SUM_COLUMNS)[number],
  number
>;

/** @param changes of one line, in the order of its ledger. */
export async function writeItems(
  transaction: Transaction<Tables>,
  changes: readonly ItemsChange[],
): Promise<void> {
  const told = new ToldBatches(transaction);
  const fresh: ItemBatchTable[] = [];
  for (const { row } of changes) {
    const left = withoutTold(row, await told.overlapping(row));
    if (left === null) continue;
    told.add(left);
    fresh.push(left);
  }
  for (const part of parts(fresh)) await transaction.insertInto('item_batches').values(part).execute();
  await writeItemDays(transaction, fresh);
}

/** Which numbers of an outlet, and how many pieces of it had them. */
type ToldRun = Pick<ItemBatchTable, 'fromSeq' | 'toSeq' | 'items'>;

/**
 * Where both were cut at the same pieces, as they are unless an edge was restored in the middle of a minute, this is exact. Of
 * a run that was cut elsewhere as many pieces count as told as its numbers lie within the other.
 * @returns what is new; null: nothing.
 */
export function withoutTold(row: ItemBatchTable, told: readonly ToldRun[]): ItemBatchTable | null {
  const before = told.reduce((sum, run) => {
    const shared = Math.min(row.toSeq, run.toSeq) - Math.max(row.fromSeq, run.fromSeq) + 1;
    return shared <= 0 ? sum : sum + (run.items * shared) / (run.toSeq - run.fromSeq + 1);
  }, 0);
  const items = row.items - Math.round(before);
  if (items <= 0) return null;
  if (items === row.items) return row;
  const left = { ...row };
  for (const column of SUM_COLUMNS) left[column] = Math.round((row[column] * items) / row.items);
  // What was told lies before, unless a hole is filled.
  const last = told.reduce((most, { toSeq }) => Math.max(most, toSeq), 0);
  return {
    ...left,
    items,
    described: Math.min(items, left.described),
    fromSeq: last < row.toSeq ? Math.max(row.fromSeq, last + 1) : row.fromSeq,
  };
}

/** What was told before, of each outlet and life of a station. */
class ToldBatches {
  readonly #transaction: Transaction<Tables>;
  /** Up to where each was told; what lies beyond need not be looked up. */
  readonly #upTo = new Map<string, number>();
  readonly #added: ItemBatchTable[] = [];

  constructor(transaction: Transaction<Tables>) {
    this.#transaction = transaction;
  }

  add(row: ItemBatchTable): void {
    const key = keyOf(row);
    this.#upTo.set(key, Math.max(this.#upTo.get(key) ?? 0, row.toSeq));
    this.#added.push(row);
  }

  async overlapping(row: ItemBatchTable): Promise<readonly ToldRun[]> {
    const key = keyOf(row);
    if (!this.#upTo.has(key)) {
      const last = await this.#ofRun(row)
        .select('toSeq')
        .orderBy('toSeq', 'desc')
        .limit(1)
        .executeTakeFirst();
      this.#upTo.set(key, last?.toSeq ?? -1);
    }
    if (row.fromSeq > (this.#upTo.get(key) ?? -1)) return [];
    const stored = await this.#ofRun(row)
      .select(['fromSeq', 'toSeq', 'items'])
      .where('toSeq', '>=', row.fromSeq)
      .where('fromSeq', '<=', row.toSeq)
      .orderBy('toSeq')
      .orderBy('event')
      .execute();
    const added = this.#added.filter(
      (one) => keyOf(one) === key && one.toSeq >= row.fromSeq && one.fromSeq <= row.toSeq,
    );
    return [...stored, ...added];
  }

  #ofRun({ site, line, device, life, outlet }: ItemBatchTable) {
    return this.#transaction
      .selectFrom('item_batches')
      .where('site', '=', site)
      .where('line', '=', line)
      .where('device', '=', device)
      .where('life', '=', life)
      .where('outlet', '=', outlet);
  }
}

function keyOf({ device, life, outlet }: ItemBatchTable): string {
  return JSON.stringify([device, life, outlet]);
}
