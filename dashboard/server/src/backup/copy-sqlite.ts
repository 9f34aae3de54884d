/** Copies of SQLite files that may be in use, and whether a file is sound. */
import { backup, DatabaseSync } from 'node:sqlite';
import { syncPath } from '../system/write-durable.ts';
import { BackupFault } from './backup-fault.ts';

/** Pages copied between two looks at the rest of the program; 4 MB. */
const PAGES_PER_STEP = 1_000;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Copies a database as it is at one moment, while others may write: the copy reads inside one transaction, so it is
 * neither torn nor begun again with each write. The copy is one file, checked and on the disk when this returns.
 * @param atSnapshot called when the moment of the copy is fixed.
 * @throws BackupFault when the copy is not sound.
 */
export async function copySqlite(source: string, target: string, atSnapshot?: () => void): Promise<void> {
  using database = new DatabaseSync(source, { timeout: BUSY_TIMEOUT_MS });
  database.exec('BEGIN');
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
  atSnapshot?.();
  await backup(database, target, { rate: PAGES_PER_STEP });
  database.exec('COMMIT');
  checkSqlite(target);
}

/** Checks a file from one end to the other and leaves it without a journal beside it. @throws BackupFault. */
export function checkSqlite(path: string): void {
  const faults = faultsOf(path);
  if (faults !== null) throw new BackupFault(`${path} is damaged: ${faults}`);
  syncPath(path);
}

function faultsOf(path: string): string | null {
  try {
    using database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    const found = String(first?.['integrity_check']);
    if (found !== 'ok') return found;
    if (database.prepare('PRAGMA foreign_key_check').get() !== undefined) return 'a row refers to none';
    // One file without companions; whoever opens it sets its own way of writing.
    database.exec('PRAGMA journal_mode = DELETE');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
