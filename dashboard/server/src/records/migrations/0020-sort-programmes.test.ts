import { expect, it } from 'vitest';
import { rebuildWhenDue } from '../../ledger/rebuild-projections.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { keepingLog } from '../../testing/keeping-log.ts';
import { recordsBefore } from '../../testing/records-before.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';

const dayOf = localDayIn('Europe/Paris');

it('knows after an update what a line said before that it follows', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  ledger.add('programme.active', { programme: 'laine', version: 3, hash: 'ab'.repeat(32) });
  const last = ledger.add('programme.active', { programme: 'lin', version: 1, hash: null });
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, dayOf).take(ledger, messages, TEST_NOW_MS);
  const right = await stored.selectFrom('programmes_followed').selectAll().execute();
  await stored.destroy();
  expect(right).toMatchObject([{ line: 'tri-1', programme: 'lin', version: 1, hash: null, event: last.id }]);
  await recordsBefore(now.path, before.path, '0020');
  const records = await embeddedRecords(before.path);
  const followed = () => records.selectFrom('programmes_followed').selectAll().execute();
  expect(await followed()).toEqual([]);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(true);
  expect(await followed()).toEqual(right);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(false);
  await records.destroy();
});
