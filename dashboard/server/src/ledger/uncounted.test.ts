import { expect, it } from 'vitest';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';
import { latestUncounted } from './uncounted.ts';

it('the page is told what an edge had counted before this server knew its line', async () => {
  using directory = tempDir();
  const records = await embeddedRecords(directory.path);
  const ledger = new TestLedger();
  ledger.add('ledger.opened', {
    reason: 'new',
    previous: null,
    countedBefore: [
      { counter: 'outlet.creme', grams: 36_000 },
      { counter: 'input', grams: 40_000 },
    ],
  });
  const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
  await store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], TEST_NOW_MS);
  expect(await latestUncounted(records, ledger)).toEqual([
    { counter: 'outlet.creme', grams: 36_000, since: null, until: ledger.last.occurredAt },
  ]);
  expect(await records.selectFrom('sorted').selectAll().execute()).toEqual([]);
  await records.destroy();
});
