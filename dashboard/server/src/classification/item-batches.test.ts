import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { describe, expect, it } from 'vitest';
import { acceptEpoch } from '../ledger/epoch-decision.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import type { Records } from '../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { itemsSorted } from './test-items.ts';

const dayOf = localDayIn('Europe/Paris');

function ledgerOf(name: string, said: readonly Partial<ItemsSorted>[], offsetMs = 0): TestLedger {
  const ledger = new TestLedger({ name, clock: { state: 'checked', offsetMs } });
  ledger.open();
  for (const one of said) {
    const payload = itemsSorted(one);
    ledger.add('items.sorted', payload, { occurredAt: payload.toAt });
  }
  return ledger;
}

async function take(records: Records, ledger: TestLedger, epoch = 'first'): Promise<void> {
  const message = { kind: 'bytes', bytes: messageOf(ledger.events) } as const;
  const store = new RecordsLedgerStore(records, dayOf);
  await store.take(ledger, [message], TEST_NOW_MS);
  if (epoch === 'first') return;
  // Another epoch waits until somebody accepts it.
  await acceptEpoch(records, ledger.line, ledger.epoch, null, TEST_NOW_MS);
  await store.take(ledger, [message], TEST_NOW_MS);
}

function batches(records: Records) {
  return records
    .selectFrom('item_batches')
    .select(['outlet', 'life', 'fromSeq', 'toSeq', 'items', 'described', 'cotton', 'readPure'])
    .orderBy('outlet')
    .orderBy('life')
    .orderBy('fromSeq')
    .execute();
}

const SUMS_OF = ['items', 'described', 'squares', 'late', 'cotton', 'readPure'] as const;

/** By day and outlet, of a table that keeps them. */
function daysOf(records: Records, table: 'item_batches' | 'item_days') {
  return records
    .selectFrom(table)
    .select(['site', 'line', 'day', 'outlet'])
    .select((of) => SUMS_OF.map((column) => of.fn.sum<number>(column).as(column)))
    .groupBy(['site', 'line', 'day', 'outlet'])
    .orderBy('line')
    .orderBy('day')
    .orderBy('outlet')
    .execute();
}

describe.each(RECORDS_ENGINES)('pieces that were told, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('are kept by minute and outlet, in sums, at the times of the best clock', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const composition = [
      { fibre: 'cotton', percent: 66.67 },
      { fibre: 'polyvinyl-chloride', percent: 33.33 },
    ] as const;
    const said = { items: 3, described: 2, composition: [...composition], errorPoints: 4.5, late: 1 };
    const toAt = Date.parse('2026-11-20T22:59:00Z');
    await take(records, ledgerOf('first', [{ ...said, toAt }], 120_000));
    const [row] = await records.selectFrom('item_batches').selectAll().execute();
    expect(row).toMatchObject({
      device: 'nir',
      life: '0000beef',
      outlet: 'effilochage',
      fromSeq: 1,
      toSeq: 3,
      items: 3,
      described: 2,
      late: 1,
      readPure: 2,
      readUnknown: 1,
      readSeeThrough: 0,
      cotton: 13_334,
      polyvinylChloride: 6_666,
      polyester: 0,
      squares: 2 * 450 ** 2,
      fromAt: toAt + 70_000,
      toAt: toAt + 120_000,
      day: '2026-11-21',
      programme: 'usine',
      programmeVersion: 2,
      model: 'sim-v1',
      modelHash: 'cd'.repeat(32),
    });
    const nobody = { programme: null, model: null, described: 0, outlet: 'manuel' };
    await take(records, ledgerOf('first', [{ ...said, toAt }, nobody], 120_000));
    const last = await records
      .selectFrom('item_batches')
      .selectAll()
      .where('outlet', '=', 'manuel')
      .execute();
    expect(last).toMatchObject([
      { programme: null, programmeVersion: null, model: null, squares: 0, items: 10 },
    ]);
  });

  it('count once when another epoch of the ledger tells them again', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    await take(
      records,
      ledgerOf('first', [
        { fromSeq: 1, items: 10 },
        // Cut short by a stop.
        { fromSeq: 11, items: 4 },
        { fromSeq: 1, items: 7, outlet: 'manuel' },
      ]),
    );
    const restored = ledgerOf('second', [
      { fromSeq: 1, items: 10 },
      { fromSeq: 11, items: 20, described: 10 },
      { fromSeq: 31, items: 5 },
      // The station counts anew.
      { fromSeq: 1, items: 6, life: '0000cafe' },
    ]);
    await take(records, restored, 'second');
    const all = { described: 0, cotton: 0, readPure: 0 };
    const row = (fromSeq: number, items: number, more = {}) => ({
      outlet: 'effilochage',
      life: '0000beef',
      fromSeq,
      toSeq: fromSeq + items - 1,
      items,
      ...all,
      described: items,
      cotton: items * 10_000,
      readPure: items,
      ...more,
    });
    const right = [
      row(1, 10),
      row(11, 4),
      row(15, 16, { described: 8, cotton: 80_000, readPure: 8 }),
      row(31, 5),
      row(1, 6, { life: '0000cafe' }),
      row(1, 7, { outlet: 'manuel' }),
    ];
    expect(await batches(records)).toEqual(right);
    const days = await daysOf(records, 'item_batches');
    expect(days.map(({ outlet, items }) => [outlet, items])).toEqual([
      ['effilochage', 41],
      ['manuel', 7],
    ]);
    expect(await daysOf(records, 'item_days')).toEqual(days);
    await rebuildProjections(records, dayOf);
    expect(await batches(records)).toEqual(right);
    expect(await daysOf(records, 'item_days')).toEqual(days);
  });

  it('count where an epoch tells what none did before', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    await take(
      records,
      ledgerOf('first', [
        { fromSeq: 1, items: 10 },
        { fromSeq: 41, items: 10 },
      ]),
    );
    await take(
      records,
      ledgerOf('second', [
        { fromSeq: 11, items: 30 },
        { fromSeq: 46, items: 10 },
      ]),
      'second',
    );
    expect((await batches(records)).map(({ fromSeq, items }) => [fromSeq, items])).toEqual([
      [1, 10],
      [11, 30],
      [41, 10],
      [51, 5],
    ]);
    expect(await daysOf(records, 'item_days')).toEqual(await daysOf(records, 'item_batches'));
  });
});
