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
  using older = tempDir();
  await asBefore(directory.path, older.path);
  const records = await embeddedRecords(older.path);
  expect(await heldLines(records)).toEqual([
    { site: 'early', line: 'a' },
    { site: 'late', line: 'b' },
  ]);
  await records.destroy();
});

/** The same records, in the shape that they had before: with what that shape has a place for. */
async function asBefore(now: string, before: string): Promise<void> {
  const database = openSqlite(join(before, 'records.sqlite'));
  const records = new Kysely<object>({ dialect: nodeSqliteDialect(database) });
  const steps = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0005'));
  await new Migrator({
    db: records,
    provider: { getMigrations: () => Promise.resolve(steps) },
  }).migrateToLatest();
  database.prepare('attach database ? as present').run(join(now, 'records.sqlite'));
  for (const table of ['ledger_events', 'ledger_cursors', 'ledger_epochs', 'lines']) {
    const columns = database.prepare('select name from pragma_table_info(?)').all(table);
    const names = columns.map(({ name }) => `"${String(name)}"`).join(', ');
    database.exec(`insert into main."${table}" (${names}) select ${names} from present."${table}"`);
  }
  await records.destroy();
}
