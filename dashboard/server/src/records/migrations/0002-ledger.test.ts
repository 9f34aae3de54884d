import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { machineSorted } from '../../tonnage/tonnage-repository.ts';
import { nodeSqliteDialect } from '../node-sqlite.ts';
import { openSqlite } from '../open-sqlite.ts';
import { MIGRATIONS } from './migrations.ts';

interface TablesBefore {
  sorted: { site: string; line: string; day: string; outlet: string; grams: number };
  counters: { site: string; line: string; outlet: string; grams: number; resets: number };
}

it('keeps what was counted from telemetry, and takes up counting where it stood', async () => {
  using directory = tempDir();
  const before = new Kysely<TablesBefore>({
    dialect: nodeSqliteDialect(openSqlite(join(directory.path, 'records.sqlite'))),
  });
  const first = MIGRATIONS['0001-first-tables'];
  if (first === undefined) throw new Error('there is no first step');
  await new Migrator({
    db: before,
    provider: { getMigrations: () => Promise.resolve({ '0001-first-tables': first }) },
  }).migrateToLatest();
  const place = { site: 'caux', line: 'tri-1', outlet: 'creme' };
  await before
    .insertInto('sorted')
    .values({ ...place, day: '2026-11-19', grams: 5_000 })
    .execute();
  await before
    .insertInto('counters')
    .values({ ...place, grams: 5_000, resets: 0 })
    .execute();
  await before.destroy();
  const records = await embeddedRecords(directory.path);
  const ledger = new TestLedger();
  ledger.add('ledger.opened', {
    reason: 'new',
    previous: null,
    countedBefore: [{ counter: 'outlet.creme', grams: 5_300 }],
  });
  ledger.count('creme', 100, 9_100, { totalGrams: 5_400 });
  const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
  await store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], TEST_NOW_MS);
  expect(await machineSorted(records, '2026-11-01', '2026-12-01')).toEqual([
    { ...place, day: '2026-11-19', grams: 5_000 },
    { ...place, day: '2026-11-20', grams: 400 },
  ]);
  await records.destroy();
});
