/** Records in the shape of an earlier version, for tests of what an update does to them. */
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { MIGRATIONS } from '../records/migrations/migrations.ts';
import { nodeSqliteDialect } from '../records/node-sqlite.ts';
import { RECORDS_FILE } from '../records/open-records.ts';
import { openSqlite } from '../records/open-sqlite.ts';

/**
 * Makes the same records as in `now`, with what that shape has a place for.
 * @param step the first step of the shape that is not taken.
 */
export async function recordsBefore(now: string, before: string, step: string): Promise<void> {
  const database = openSqlite(join(before, RECORDS_FILE));
  const records = new Kysely<object>({ dialect: nodeSqliteDialect(database) });
  const steps = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < step));
  await new Migrator({
    db: records,
    provider: { getMigrations: () => Promise.resolve(steps) },
  }).migrateToLatest();
  database.prepare('attach database ? as present').run(join(now, RECORDS_FILE));
  const tables = database
    .prepare("select name from main.sqlite_master where type = 'table' and name not like 'kysely%'")
    .all();
  for (const { name } of tables) {
    const table = String(name);
    const columns = database.prepare('select name from pragma_table_info(?)').all(table);
    const names = columns.map((column) => `"${String(column['name'])}"`).join(', ');
    database.exec(`insert into main."${table}" (${names}) select ${names} from present."${table}"`);
  }
  await records.destroy();
}
