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

it('knows after an update when outputs were examined', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  const [earlier, later] = [TEST_NOW_MS - 7_200_000, TEST_NOW_MS - 3_600_000];
  const said = { output: 'B1', note: '' } as const;
  ledger.add(
    'output.examined',
    { ...said, moisturePercent: 8, grade: null },
    { occurredAt: later, recordedAt: later },
  );
  ledger.add(
    'output.examined',
    { ...said, moisturePercent: 20, grade: 'wiper' },
    { occurredAt: earlier, recordedAt: TEST_NOW_MS },
  );
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, dayOf).take(ledger, messages, TEST_NOW_MS);
  const right = await stored.selectFrom('outputs').selectAll().execute();
  // As an earlier version had it: by the examination that was noted last.
  await stored.updateTable('outputs').set({ moistureHundredths: 2000 }).execute();
  await stored.destroy();
  expect(right).toMatchObject([
    { moistureHundredths: 800, moistureAt: later, grade: 'wiper', gradeAt: earlier },
  ]);
  await recordsBefore(now.path, before.path, '0023');
  const records = await embeddedRecords(before.path);
  const kept = () => records.selectFrom('outputs').selectAll().execute();
  expect(await kept()).toMatchObject([{ moistureHundredths: 2000, moistureAt: null }]);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(true);
  expect(await kept()).toEqual(right);
  await records.destroy();
});
