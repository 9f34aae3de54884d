/** What the ledger's file is made of, and the settings that each connection to it must have. */
import type { DatabaseSync } from 'node:sqlite';

/** 2: cursors keep the hash that was acknowledged. */
const SCHEMA_VERSION = 2;

/** Something about the file that a person must look at; one line. */
export class LedgerFileError extends Error {
  override readonly name = 'LedgerFileError';
}

export function createTables(db: DatabaseSync): void {
  const version = refuseOtherVersions(db);
  if (version === SCHEMA_VERSION) return;
  if (version === 1) return addAcknowledgedHash(db);
  db.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS epochs (
      number INTEGER PRIMARY KEY,
      epoch TEXT NOT NULL UNIQUE,
      first_position INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS events (
      position INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      occurred_at_ms INTEGER NOT NULL,
      recorded_at_ms INTEGER NOT NULL,
      clock_state TEXT NOT NULL,
      clock_offset_ms INTEGER,
      actor_ref TEXT,
      payload TEXT,
      payload_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS cursors (
      consumer TEXT PRIMARY KEY,
      epoch TEXT NOT NULL,
      up_to INTEGER NOT NULL,
      hash TEXT
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT;
  `);
}

function addAcknowledgedHash(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE; ALTER TABLE cursors ADD COLUMN hash TEXT; PRAGMA user_version = 2; COMMIT;');
}

/** @returns 0 for a file that is new. */
export function refuseOtherVersions(db: DatabaseSync): number {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > SCHEMA_VERSION) {
    throw new LedgerFileError(`The ledger was written by a newer version of the edge: use that version`);
  }
  return version;
}

/** Sets a pragma and reads it back: a setting that was refused is silent otherwise. */
export function expectPragma(db: DatabaseSync, name: string, value: string, expected: string | number): void {
  db.exec(`PRAGMA ${name} = ${value}`);
  const got = db.prepare(`PRAGMA ${name}`).get()?.[name];
  if (got !== expected)
    throw new LedgerFileError(`SQLite does not take ${name} = ${value} (it says ${String(got)})`);
}
