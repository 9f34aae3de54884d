import { Kysely, sql, type Dialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { nodeSqliteDialect } from './node-sqlite.ts';
import { openSqlite } from './open-sqlite.ts';
import { singleWriterDialect } from './postgres-dialect.ts';
import { postgresPool, type PostgresConfig } from './postgres-pool.ts';
import { recordsAway } from './records-away.ts';
import type { RecordsClaim } from './records-claim.ts';
import type { RecordsPlace } from './records-config.ts';
import type { Tables } from './tables.ts';

export type Records = Kysely<Tables>;

export const RECORDS_FILE = 'records.sqlite';

export interface RecordsHooks {
  /** A connection to the database broke while nobody used it. */
  readonly onFault?: (reason: string) => void;
  /** Says when nothing may be asked of the database, and when its connections are to be given up. */
  readonly claim?: Pick<RecordsClaim, 'closed' | 'onLost'>;
}

/**
 * Opens the records and brings them to the present shape.
 * @throws StartError when the database cannot be reached or is not fit; another error when the file cannot be
 * opened or was written by a newer version.
 */
export async function openRecords(place: RecordsPlace, hooks: RecordsHooks = {}): Promise<Records> {
  const config = place.records;
  const records = new Kysely<Tables>({
    dialect: config.kind === 'postgres' ? postgres(config, hooks) : sqlite(place.dataDir),
  });
  try {
    if (config.kind === 'postgres') await checkPostgres(records, config);
    await migrate(records);
    return records;
  } catch (error) {
    await records.destroy();
    throw error;
  }
}

function sqlite(dataDir: string): Dialect {
  return nodeSqliteDialect(openSqlite(join(dataDir, RECORDS_FILE)));
}

function postgres(config: PostgresConfig, { onFault, claim }: RecordsHooks): Dialect {
  const { pool, cut } = postgresPool(config, onFault ?? (() => undefined));
  claim?.onLost(cut);
  return singleWriterDialect({ pool }, () => claim?.closed() ?? null);
}

async function migrate(records: Records): Promise<void> {
  const migrator = new Migrator({
    db: records,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new Error('the records cannot be brought to the present shape', { cause: error });
  }
}

/** Texts must be compared byte by byte, as SQLite does: cursors and the order of rows hang on it. */
async function checkPostgres(records: Records, { url }: PostgresConfig): Promise<void> {
  const query = sql<{ encoding: string; byBytes: boolean }>`
    select pg_encoding_to_char(encoding) as encoding, 'B'::text < 'a'::text and 'é'::text > 'z'::text as "byBytes"
    from pg_database where datname = current_database()`;
  const row = await query.execute(records).then(
    ({ rows }) => rows[0],
    (error: unknown) => {
      throw new StartError(`The database ${url} cannot be used: ${recordsAway(error) ?? reasonOf(error)}`, {
        cause: error,
      });
    },
  );
  if (row?.encoding === 'UTF8' && row.byBytes) return;
  throw new StartError(
    `The database ${url} orders texts by a language: make it with ` +
      `«CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'»`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
