/**
 * What the edge must remember past its own end: `edge-state.sqlite` in its data directory. The open file is
 * also the lock of that directory: SQLite's exclusive lock dies with the process that holds it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LedgerOpened } from '@trame/protocol/ledger-payloads';
import type { KeptCount } from '../domain/line-counts.ts';
import type { BdSeqStore } from '../ports/bd-seq-store.ts';
import type { AliveStore } from '../ports/alive-store.ts';
import type { CountStore } from '../ports/count-store.ts';
import { COUNTS_FROM_VERSION_1, COUNTS_TABLE, readCounts, writeCounts } from './kept-counts.ts';

export const STATE_FILE = 'edge-state.sqlite';

/** How long a second edge waits for the first to let go before it gives up, ms. */
const BUSY_TIMEOUT_MS = 300;
const SCHEMA_VERSION = 2;

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

export type OpenState =
  | { readonly kind: 'open'; readonly state: EdgeState }
  /** Another edge runs on this directory. */
  | { readonly kind: 'locked'; readonly message: string }
  /** The directory cannot be written, or the file is damaged. `isFull`: it would do with more room. */
  | { readonly kind: 'unusable'; readonly message: string; readonly isFull: boolean };

/** Makes the directory when it is missing. @param nowMs UTC, kept as the directory's birth the first time. */
export function openEdgeState(dataDir: string, nowMs: number): OpenState {
  const file = join(dataDir, STATE_FILE);
  let db: DatabaseSync | null = null;
  try {
    mkdirSync(dataDir, { recursive: true });
    db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    prepare(db, nowMs);
    return { kind: 'open', state: new EdgeState(db) };
  } catch (error) {
    closeQuietly(db);
    const code = sqliteCode(error);
    if (code === SQLITE_BUSY || code === SQLITE_LOCKED) {
      return { kind: 'locked', message: `Another edge is running on the data directory ${dataDir}` };
    }
    const reason = error instanceof Error ? error.message : String(error);
    const damaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
    const remedy = damaged
      ? `: ${STATE_FILE} is damaged; move it away (its counts are lost) and start again`
      : '';
    const message = `The data directory ${dataDir} cannot be used: ${reason}${remedy}`;
    return { kind: 'unusable', message, isFull: code === SQLITE_FULL };
  }
}

export class EdgeState implements AliveStore, BdSeqStore, CountStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** When this data directory was made, UTC ms: counts are since then. */
  get createdAtMs(): number {
    return Number(this.#meta('created_at_ms'));
  }

  lastBdSeq(): number | null {
    const text = this.#meta('bd_seq');
    return text === null ? null : Number(text);
  }

  keepBdSeq(bdSeq: number): void {
    this.#keep('bd_seq', String(bdSeq));
  }

  /** Last sign of life that was kept, UTC ms; null before the first. */
  lastAliveAtMs(): number | null {
    const text = this.#meta('alive_at_ms');
    return text === null ? null : Number(text);
  }

  /** @throws when the disk refuses. */
  keepAliveAt(ms: number): void {
    this.#keep('alive_at_ms', String(ms));
  }

  /** What {@link keepPendingStand} kept last; null: nothing. */
  pendingStand(): LedgerOpened['countedBefore'] | null {
    const text = this.#meta('pending_stand');
    return text === null ? null : (JSON.parse(text) as LedgerOpened['countedBefore']);
  }

  /**
   * What the counters stood at when a ledger was to begin: it may take its first event only days later, and what
   * fell meanwhile is its to tell. Null: it has begun.
   * @throws when the disk refuses.
   */
  keepPendingStand(stand: LedgerOpened['countedBefore'] | null): void {
    if (stand !== null) this.#keep('pending_stand', JSON.stringify(stand));
    else this.#db.prepare(`DELETE FROM meta WHERE key = 'pending_stand'`).run();
  }

  loadCounts(): readonly KeptCount[] {
    return readCounts(this.#db);
  }

  saveCounts(counts: readonly KeptCount[]): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      writeCounts(this.#db, counts);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Lets go of the lock. */
  close(): void {
    this.#db.close();
  }

  #keep(key: string, value: string): void {
    this.#db
      .prepare(
        `INSERT INTO meta (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      )
      .run(key, value);
  }

  #meta(key: string): string | null {
    const row = this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
    return row === undefined ? null : String(row['value']);
  }
}

function prepare(db: DatabaseSync, nowMs: number): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  expectPragma(db, 'journal_mode', 'WAL', 'wal');
  // Not kept in the file: some builds fall back to NORMAL at every open.
  expectPragma(db, 'synchronous', 'FULL', 2);
  db.exec('PRAGMA journal_size_limit = 1048576');
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > SCHEMA_VERSION) {
    throw new Error(`${STATE_FILE} was written by a newer version of the edge`);
  }
  db.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    ${version === 1 ? COUNTS_FROM_VERSION_1 : COUNTS_TABLE}
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT;
  `);
  db.prepare(`INSERT OR IGNORE INTO meta (key, value) VALUES ('created_at_ms', ?)`).run(String(nowMs));
}

/** Sets a pragma and reads it back: a setting that was refused is silent otherwise. */
function expectPragma(db: DatabaseSync, name: string, value: string, expected: string | number): void {
  db.exec(`PRAGMA ${name} = ${value}`);
  const got = db.prepare(`PRAGMA ${name}`).get()?.[name];
  if (got !== expected) throw new Error(`SQLite does not take ${name} = ${value} (it says ${String(got)})`);
}

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  // The low byte is the primary result code.
  return typeof error.errcode === 'number' ? error.errcode % 256 : null;
}

function closeQuietly(db: DatabaseSync | null): void {
  if (db?.isOpen === true) db.close();
}
