import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heldLines } from '../../ledger/line-sites.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { nodeSqliteDialect } from '../node-sqlite.ts';
import { openSqlite } from '../open-sqlite.ts';
import { MIGRATIONS } from './migrations.ts';

it('gives each line that has a ledger to the site that it was born under, else to the first', async () => {
  using directory = tempDir();
  const now = await embeddedRecords(directory.path);
  const store = new RecordsLedgerStore(now, localDayIn('Europe/Paris'));
  for (const [line, site, atMs] of [
    ['a', 'late', 2],
    ['b', 'late', 2],
    ['a', 'early', 1],
    ['b', 'early', 1],
  ] as const) {
    const ledger = new TestLedger({ site, line, name: `${site} ${line}` });
    ledger.open();
    // As it was before: nobody asked whose the line was.
    await now.deleteFrom('line_sites').execute();
    await store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], TEST_NOW_MS + atMs);
  }
  await now
    .insertInto('lines')
    .values({ line: 'b', site: 'late', description: '{}', firstSeenAt: 1 })
    .execute();
  await now.destroy();
  await asBefore(directory.path);
  const records = await embeddedRecords(directory.path);
  expect(await heldLines(records)).toEqual([
    { site: 'early', line: 'a' },
    { site: 'late', line: 'b' },
  ]);
  await records.destroy();
});

/** Takes the shape of the records back to the step before; what is in the tables that stay stays. */
async function asBefore(directory: string): Promise<void> {
  using old = tempDir();
  const reference = openSqlite(join(old.path, 'records.sqlite'));
  const database = new Kysely<object>({ dialect: nodeSqliteDialect(reference) });
  const steps = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0005'));
  await new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(steps) },
  }).migrateToLatest();
  const present = openSqlite(join(directory, 'records.sqlite'));
  const tables = "select name, sql from sqlite_master where type = 'table'";
  const wanted = reference.prepare(tables).all();
  const there = present.prepare(tables).all();
  for (const { name } of there) {
    if (!wanted.some((table) => table.name === name)) present.exec(`drop table "${String(name)}"`);
  }
  for (const { name, sql } of wanted) {
    if (!there.some((table) => table.name === name)) present.exec(String(sql));
  }
  present.exec("delete from kysely_migration where name >= '0005'");
  present.close();
  await database.destroy();
}
