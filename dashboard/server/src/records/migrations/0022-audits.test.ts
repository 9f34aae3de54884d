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

it('knows after an update where what earlier audits found misplaced belongs', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  const misplaced = [
    { outlet: 'essuyage', grams: 300 },
    { outlet: 'csr', grams: 50 },
  ];
  const said = { line: 'tri-1', outlet: 'creme', sampledGrams: 5_000, misplaced, note: '' };
  ledger.add('outlet.audited', said);
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, dayOf).take(ledger, messages, TEST_NOW_MS);
  const right = await stored.selectFrom('audit_misplaced').selectAll().orderBy('outlet').execute();
  await stored.destroy();
  expect(right.map(({ outlet, grams }) => [outlet, grams])).toEqual([
    ['csr', 50],
    ['essuyage', 300],
  ]);
  await recordsBefore(now.path, before.path, '0022');
  const records = await embeddedRecords(before.path);
  const kept = () => records.selectFrom('audit_misplaced').selectAll().orderBy('outlet').execute();
  expect(await kept()).toEqual([]);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(true);
  expect(await kept()).toEqual(right);
  expect(await rebuildWhenDue(records, dayOf, keepingLog())).toBe(false);
  await records.destroy();
});
