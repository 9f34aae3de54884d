import { DatabaseSync } from 'node:sqlite';

/** `PRAGMA synchronous` answers with a number. */
const SYNCHRONOUS_FULL = 2;
/** How long a statement waits for another process that writes (the command line), ms. */
const BUSY_TIMEOUT_MS = 2_000;
/** The journal is cut back to this after a checkpoint, bytes. */
const JOURNAL_SIZE_LIMIT = 16 * 1024 * 1024;

/**
 * Opens a database with its safety settings set and read back: a driver that quietly keeps weaker ones would
 * lose what was acknowledged. Every commit is on the disk when it returns.
 * @throws when a setting does not hold.
 */
export function openSqlite(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA journal_size_limit = ${JOURNAL_SIZE_LIMIT}`);
    database.exec('PRAGMA foreign_keys = ON');
    expectPragma(database, 'journal_mode', 'wal');
    expectPragma(database, 'synchronous', SYNCHRONOUS_FULL);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function expectPragma(database: DatabaseSync, name: string, expected: string | number): void {
  const found = database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (found !== expected) throw new Error(`SQLite setting ${name} is ${String(found)}, expected ${expected}`);
}
