import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { nodeSqliteDialect } from '../node-sqlite.ts';
import { openSqlite } from '../open-sqlite.ts';
import { MIGRATIONS } from './migrations.ts';

interface TablesBefore {
  count_sources: {
    site: string;
    line: string;
    counter: string;
    device: string;
    tag: string;
    generation: number;
    countedUpTo: number;
  };
  ledger_cursors: {
    site: string;
    line: string;
    epoch: string;
    upTo: number;
    hash: string | null;
    place: number;
    storedAt: number | null;
  };
}

it('takes what was counted for lives of the epoch that the line is in', async () => {
  using directory = tempDir();
  const before = new Kysely<TablesBefore>({
    dialect: nodeSqliteDialect(openSqlite(join(directory.path, 'records.sqlite'))),
  });
  const steps = Object.entries(MIGRATIONS).filter(([name]) => name < '0006');
  await new Migrator({
    db: before,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(steps)) },
  }).migrateToLatest();
  const ledger = new TestLedger();
  const { hash } = ledger.open();
  const { site, line, epoch } = ledger;
  await before
    .insertInto('ledger_cursors')
    .values({ site, line, epoch, upTo: 1, hash, place: 1, storedAt: TEST_NOW_MS })
    .execute();
  const counted = { site, line, counter: 'outlet.creme', device: 'scale', tag: 'creme-total' };
  for (const row of [
    { ...counted, generation: 0, countedUpTo: 9_000 },
    { ...counted, generation: 1, countedUpTo: 400 },
    { ...counted, generation: 1, tag: 'other-name', countedUpTo: 500 },
    { ...counted, device: '', tag: '', generation: 0, countedUpTo: 9_500 },
  ]) {
    await before.insertInto('count_sources').values(row).execute();
  }
  await before.destroy();
  const records = await embeddedRecords(directory.path);
  ledger.count('creme', 300, 700, { generation: 1 });
  const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
  const message = messageOf(ledger.events.slice(1));
  await store.take(ledger, [{ kind: 'bytes', bytes: message }], TEST_NOW_MS);
  const sorted = await records.selectFrom('sorted').select(['outlet', 'grams']).execute();
  expect(sorted).toEqual([{ outlet: 'creme', grams: 200 }]);
  await records.destroy();
});
