import { Kysely } from 'kysely';
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
import type { Tables } from '../tables.ts';

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
  const before = new Kysely<Tables & { kysely_migration: { name: string } }>({
    dialect: nodeSqliteDialect(openSqlite(join(directory.path, 'records.sqlite'))),
  });
  // Its own table, and what the steps after it made of others.
  for (const table of ['line_sites', 'count_lives', 'edge_totals', 'uncounted']) {
    await before.schema.dropTable(table).execute();
  }
  const sources = before.schema.createTable('count_sources').addColumn('site', 'text');
  await sources.execute();
  await before.deleteFrom('kysely_migration').where('name', '>=', '0005').execute();
  await before.destroy();
  const records = await embeddedRecords(directory.path);
  expect(await heldLines(records)).toEqual([
    { site: 'early', line: 'a' },
    { site: 'late', line: 'b' },
  ]);
  await records.destroy();
});
