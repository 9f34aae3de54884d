/** The tables of `items.db`, and the settings without which they are not what this program expects. */
import type { DatabaseSync } from 'node:sqlite';

export const ITEMS_FILE = 'items.db';
const SCHEMA_VERSION = 1;
/** Bytes of write-ahead log that are kept allocated. */
const WAL_BYTES_KEPT = 4 * 1024 * 1024;
const NORMAL = 1;
const INCREMENTAL = 2;

/** The file is of a newer version of this program: it is left as it is. */
export class NewerFile extends Error {
  override readonly name = 'NewerFile';
}

/**
 * WAL and NORMAL: what was committed outlives the process; a power cut may take the latest commits, never a part of one. The
 * disk is forced when the log is moved into the file, and by the commit after that: no commit moves it by itself
 * (`wal_autocheckpoint`), it is done when there is time.
 * Exclusive: whoever runs this edge holds the lock of the whole data directory anyway.
 * @throws when the file is not such a file, or SQLite refuses a setting.
 */
export function prepareItems(db: DatabaseSync): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  // Only before the first table: with smaller bounds, the file gives its room back.
  db.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
  db.exec('PRAGMA journal_mode = WAL');
  expectPragma(db, 'journal_mode', 'wal');
  db.exec('PRAGMA synchronous = NORMAL');
  expectPragma(db, 'synchronous', NORMAL);
  db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
  db.exec('PRAGMA wal_autocheckpoint = 0');
  const version = Number(pragma(db, 'user_version'));
  if (version > SCHEMA_VERSION)
    throw new NewerFile(`${ITEMS_FILE} was written by a newer version of the edge`);
  db.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS item (
      n INTEGER PRIMARY KEY,
      device TEXT NOT NULL,
      life TEXT NOT NULL,
      seq INTEGER NOT NULL,
      read_at_ms INTEGER NOT NULL,
      outlet TEXT NOT NULL,
      reading TEXT NOT NULL,
      crc INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS item_place ON item (device, life, seq);
    CREATE INDEX IF NOT EXISTS item_time ON item (read_at_ms, n);
    CREATE INDEX IF NOT EXISTS item_outlet ON item (outlet, read_at_ms, n);
    CREATE INDEX IF NOT EXISTS item_reading ON item (reading, read_at_ms, n);
    CREATE INDEX IF NOT EXISTS item_both ON item (outlet, reading, read_at_ms, n);
    CREATE TABLE IF NOT EXISTS spectrum (
      n INTEGER PRIMARY KEY,
      crc INTEGER NOT NULL,
      quantity TEXT NOT NULL,
      instrument TEXT,
      from_nm REAL,
      step_nm REAL,
      points INTEGER NOT NULL,
      axis BLOB,
      "values" BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS override (
      o INTEGER PRIMARY KEY,
      n INTEGER NOT NULL,
      crc INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS override_item ON override (n, o);
    CREATE TABLE IF NOT EXISTS kept (
      name TEXT PRIMARY KEY,
      crc INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT;
  `);
  expectPragma(db, 'auto_vacuum', INCREMENTAL);
}

export function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

/** A setting that was refused is silent otherwise. */
function expectPragma(db: DatabaseSync, name: string, expected: string | number): void {
  const got = pragma(db, name);
  if (got !== expected)
    throw new Error(`SQLite does not take ${name} = ${expected} (it says ${String(got)})`);
}
