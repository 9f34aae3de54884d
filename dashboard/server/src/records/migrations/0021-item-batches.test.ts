import { expect, it } from 'vitest';
import { itemsSorted } from '../../classification/test-items.ts';
import { rebuildWhenDue } from '../../ledger/rebuild-projections.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { keepingLog } from '../../testing/keeping-log.ts';
import { recordsBefore } from '../../testing/records-before.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';

const dayOf = localDayIn('Europe/Paris');

it('knows after an update what was read before', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  ledger.add('items.sorted', itemsSorted());
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, dayOf).take(ledger, messages, TEST_NOW_MS);
  const right = await stored.selectFrom('item_batches').selectAll().execute();
  await stored.destroy();
  expect(right).toMatchObject([{ line: 'tri-1', outlet: 'effilochage', items: 10, cotton: 100_000 }]);
  await recordsBefore(now.path, before.path, '0021');
  const records = await embeddedRecords(before.path);
  const kept = () => records.selectFrom('item_batches').selectAll().execute();
  expect(await kept()).toEqual([]);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(true);
  expect(await kept()).toEqual(right);
  await records.destroy();
});
