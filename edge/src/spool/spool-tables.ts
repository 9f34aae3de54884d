/** The tables of `spool.sqlite`, and the settings without which they are not what this program expects. */
import type { DatabaseSync } from 'node:sqlite';

export const SPOOL_FILE = 'spool.sqlite';
const SCHEMA_VERSION = 1;
/** Bytes of write-ahead log that are kept allocated. */
const WAL_BYTES_KEPT = 4 * 1024 * 1024;
const WAL = 'wal';
const NORMAL = 1;
const INCREMENTAL = 2;

/**
 * WAL and NORMAL: what was committed outlives the process; a power cut may take the latest commits, never a part
 * of one. The file gives pages back to the disk when asked (`auto_vacuum`), which can only be set before the
 * first table. Exclusive: whoever runs this edge holds the lock of the whole data directory anyway.
 * @throws when the file is not such a file, or SQLite refuses a setting.
 */
export function prepareSpool(db: DatabaseSync): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  db.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
  db.exec('PRAGMA journal_mode = WAL');
  expectPragma(db, 'journal_mode', WAL);
  setSynchronous(db, 'NORMAL');
  db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
  const version = pragma(db, 'user_version');
  if (Number(version) > SCHEMA_VERSION) {
    throw new Error(`${SPOOL_FILE} was written by a newer version of the edge`);
  }
  db.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS batch (
      id INTEGER PRIMARY KEY,
      device TEXT NOT NULL,
      samples INTEGER NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      crc INTEGER NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS batch_device ON batch (device);
    CREATE TABLE IF NOT EXISTS gap (
      reason TEXT NOT NULL,
      key TEXT,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      samples INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS state (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      samples INTEGER NOT NULL,
      commits INTEGER NOT NULL DEFAULT 0,
      risk_since_ms INTEGER,
      risk_until_ms INTEGER
    ) STRICT;
    INSERT OR IGNORE INTO state (one, samples, risk_since_ms) VALUES (1, 0, NULL);
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT;
  `);
  expectPragma(db, 'auto_vacuum', INCREMENTAL);
}

/** Sets it and reads it back: a setting that was refused is silent otherwise. */
export function setSynchronous(db: DatabaseSync, mode: 'NORMAL' | 'FULL'): void {
  db.exec(`PRAGMA synchronous = ${mode}`);
  expectPragma(db, 'synchronous', mode === 'NORMAL' ? NORMAL : NORMAL + 1);
}

export function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

function expectPragma(db: DatabaseSync, name: string, expected: string | number): void {
  const got = pragma(db, name);
  if (got !== expected)
    throw new Error(`SQLite does not take ${name} = ${expected} (it says ${String(got)})`);
}
