import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alarmChanged, alarmDeclared } from '../../alarms/test-alarms.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { startServer } from '../../server.ts';
import { systemClock } from '../../system/system-clock.ts';
import { systemEntropy } from '../../system/system-entropy.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { keepingLog } from '../../testing/keeping-log.ts';
import { recordsBefore } from '../../testing/records-before.ts';
import { testConfig } from '../../testing/running-server.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';

const MADE_ANEW = 'the records were made anew from the ledgers';

/** @returns what a server says while it starts with these records. */
async function started(directory: string): Promise<readonly string[]> {
  const log = keepingLog();
  const config = testConfig(directory);
  const server = await startServer({ config, clock: systemClock, entropy: systemEntropy, log });
  await server.stop();
  return log.sentences;
}

it('a server makes anew, once, what an earlier version knew nothing of: counts, modes, alarms', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  ledger.count('creme', 500, 500);
  ledger.add('mode.changed', { mode: 'school' });
  ledger.add('alarm.declared', alarmDeclared('bourrage'));
  ledger.add('alarm.changed', alarmChanged('bourrage', 'normal', 'unacknowledged'));
  const stored = await embeddedRecords(now.path);
  const messages = [{ kind: 'bytes', bytes: messageOf(ledger.events) } as const];
  await new RecordsLedgerStore(stored, localDayIn('Europe/Paris')).take(ledger, messages, TEST_NOW_MS);
  await stored.destroy();
  const { dataDir } = testConfig(before.path);
  mkdirSync(dataDir, { recursive: true });
  await recordsBefore(now.path, dataDir, '0013');
  expect(await started(before.path)).toContain(MADE_ANEW);
  const records = await embeddedRecords(dataDir);
  const counts = await records.selectFrom('line_counts').select('outlets').execute();
  const modes = await records.selectFrom('line_modes').select('mode').execute();
  const alarms = await records.selectFrom('alarm_journal').select(['alarm', 'raised']).execute();
  expect([counts, modes, alarms]).toEqual([
    [{ outlets: '{"creme":500}' }],
    [{ mode: 'school' }],
    [{ alarm: 'bourrage', raised: 1 }],
  ]);
  await records.destroy();
  expect(await started(before.path)).not.toContain(MADE_ANEW);
});

it('a first start has nothing to make anew', async () => {
  using directory = tempDir();
  expect(await started(directory.path)).not.toContain(MADE_ANEW);
});
