import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { MIGRATIONS } from './migrations.ts';
import { nodeSqliteDialect } from './node-sqlite.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Tables } from './tables.ts';

export type Records = Kysely<Tables>;

/**
 * Opens the records of a data directory and brings them to the present shape.
 * @throws when the file cannot be opened or was written by a newer version.
 */
export async function openRecords(dataDir: string): Promise<Records> {
  const records = new Kysely<Tables>({
    dialect: nodeSqliteDialect(openSqlite(join(dataDir, 'records.sqlite'))),
  });
  const migrator = new Migrator({
    db: records,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await records.destroy();
    throw new Error('the records cannot be brought to the present shape', { cause: error });
  }
  return records;
}
