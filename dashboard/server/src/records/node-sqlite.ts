/** Kysely's SQLite dialect over the runtime's own SQLite; no native module to install. */
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** How long a statement waits for another process that writes (the command line), ms. */
const BUSY_TIMEOUT_MS = 2_000;
/** The journal is cut back to this after a checkpoint, bytes. */
const JOURNAL_SIZE_LIMIT = 16 * 1024 * 1024;

/**
 * Opens a database with its safety settings set and read back: a driver that quietly keeps the weaker ones
 * would lose what was acknowledged.
 * @param synchronous FULL: every commit is on the disk when it returns. NORMAL: a power cut may take the last
 * commits, never the file.
 * @throws when a setting does not hold.
 */
export function openSqlite(path: string, synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    database.exec(`PRAGMA journal_size_limit = ${JOURNAL_SIZE_LIMIT}`);
    database.exec('PRAGMA foreign_keys = ON');
    expectPragma(database, 'journal_mode', 'wal');
    expectPragma(database, 'synchronous', synchronous === 'FULL' ? 2 : 1);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  return new SqliteDialect({ database: adapt(database) });
}

function expectPragma(database: DatabaseSync, name: string, expected: string | number): void {
  const found = database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (found !== expected) throw new Error(`SQLite setting ${name} is ${String(found)}, expected ${expected}`);
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql): SqliteStatement => {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(sqlValue)),
        run: (parameters) => statement.run(...parameters.map(sqlValue)),
        iterate: (parameters) => statement.iterate(...parameters.map(sqlValue)),
      };
    },
  };
}

/** @throws on what SQLite cannot store as it is: booleans are stored as 0 and 1 by whoever writes them. */
function sqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
}
