import { expect, it } from 'vitest';
import { itemsSorted } from '../../classification/test-items.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { recordsBefore } from '../../testing/records-before.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';

const dayOf = localDayIn('Europe/Paris');
const DAY_MS = 86_400_000;

it('knows after an update by day what was read before', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  const tell = (more: Parameters<typeof itemsSorted>[0]) => {
    const said = itemsSorted(more);
    ledger.add('items.sorted', said, { occurredAt: said.toAt });
  };
  tell({ fromSeq: 1, items: 10 });
  tell({ fromSeq: 11, items: 30 });
  tell({ fromSeq: 41, items: 5, programme: null, model: null, described: 0 });
  tell({ fromSeq: 46, items: 7, toAt: TEST_NOW_MS - DAY_MS });
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, dayOf).take(ledger, messages, TEST_NOW_MS);
  const daysIn = (records: typeof stored) =>
    records.selectFrom('item_days').selectAll().orderBy('day').orderBy('programme').execute();
  const right = await daysIn(stored);
  await stored.destroy();
  expect(right.map(({ items, programme, programmeVersion }) => [items, programme, programmeVersion])).toEqual(
    [
      [7, 'usine', 2],
      [5, '', 0],
      [40, 'usine', 2],
    ],
  );
  await recordsBefore(now.path, before.path, '0024');
  const records = await embeddedRecords(before.path);
  expect(await daysIn(records)).toEqual(right);
  await records.destroy();
});
