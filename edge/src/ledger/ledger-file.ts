/**
 * The ledger's file: `ledger.sqlite` in the data directory. One process writes; others may read beside it, so that
 * a ledger can be verified while its line runs (the lock of the data directory is `edge-state.sqlite`).
 */
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type { AcknowledgedCursor } from '../ports/ledger.ts';
import { EVENT_COLUMNS, type EventRow } from './event-row.ts';
import { createTables, expectPragma, LedgerFileError, refuseOtherVersions } from './ledger-tables.ts';
import { sqliteFailure } from './sqlite-failure.ts';

export const LEDGER_FILE = 'ledger.sqlite';

/** How long a writer waits for another process that opens or recovers the file, ms. */
const BUSY_TIMEOUT_MS = 300;
/** Pages in the write-ahead log at which its content moves into the file: 2 MB. */
const LOG_PAGES = 512;
/** What the write-ahead log is cut to once its content has moved into the file, bytes. */
const LOG_BYTES_KEPT = 1024 * 1024;

export interface EpochRow {
  readonly number: number;
  readonly epoch: string;
  /** Place of its event 1. */
  readonly firstPosition: number;
}

/** An event to be written, its payload as canonical text. */
export interface NewEvent {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly clockState: string;
  readonly clockOffsetMs: number | null;
  readonly actorRef: string | null;
  readonly payloadText: string | null;
  readonly payloadHash: string;
  readonly hash: string;
}

/**
 * Opens the file for writing; makes it when it is missing.
 * @param make what stands on the connection; a test gives one that fails.
 * @throws what SQLite says, or {@link LedgerFileError}.
 */
export function openLedgerFile(path: string, make = (db: DatabaseSync) => new LedgerFile(db)): LedgerFile {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    expectPragma(db, 'journal_mode', 'WAL', 'wal');
    // Not kept in the file: some builds fall back to NORMAL at every open.
    expectPragma(db, 'synchronous', 'FULL', 2);
    expectPragma(db, 'wal_autocheckpoint', String(LOG_PAGES), LOG_PAGES);
    expectPragma(db, 'journal_size_limit', String(LOG_BYTES_KEPT), LOG_BYTES_KEPT);
    createTables(db);
    return make(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the file beside a writer, or where nobody may write (a backup on a read-only disk).
 * @throws what SQLite says, or {@link LedgerFileError}.
 */
export function openLedgerFileToRead(path: string): LedgerFile {
  if (!existsSync(path)) throw new LedgerFileError(`There is no ledger: ${path} does not exist`);
  try {
    return openToRead(path);
  } catch (error) {
    // Reading beside a writer needs a file shared with it. Where none can be made there is no writer, and a
    // ledger without a log beside it is complete.
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if ((log?.size ?? 0) > 0 || sqliteFailure(error).isDamage) throw error;
    return openToRead(`file:${encodeURI(path).replaceAll('?', '%3f').replaceAll('#', '%23')}?immutable=1`);
  }
}

function openToRead(address: string): LedgerFile {
  const db = new DatabaseSync(address, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    refuseOtherVersions(db);
    return new LedgerFile(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

const INSERT_EVENT = `INSERT INTO events (${EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export class LedgerFile {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #insertEvent: StatementSync | null = null;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  begin(): void {
    this.#db.exec('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.#db.exec('COMMIT');
  }

  /** Does nothing when SQLite has already rolled back by itself. */
  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  /** Moves the log into the file and cuts it to nothing. @returns false when a reader is in the way. */
  emptyLog(): boolean {
    return this.#one('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] === 0;
  }

  meta(key: 'site' | 'line'): string | null {
    return textOrNull(this.#one('SELECT value FROM meta WHERE key = ?', key)?.['value']);
  }

  setMeta(key: 'site' | 'line', value: string): void {
    this.#run('INSERT INTO meta (key, value) VALUES (?, ?)', key, value);
  }

  epochs(): readonly EpochRow[] {
    return this.#all('SELECT number, epoch, first_position FROM epochs ORDER BY number').map((row) => ({
      number: Number(row['number']),
      epoch: String(row['epoch']),
      firstPosition: Number(row['first_position']),
    }));
  }

  addEpoch({ number, epoch, firstPosition }: EpochRow): void {
    this.#run(
      'INSERT INTO epochs (number, epoch, first_position) VALUES (?, ?, ?)',
      number,
      epoch,
      firstPosition,
    );
  }

  /** Place of the last event; 0 without any. */
  lastPosition(): number {
    return Number(this.#one('SELECT max(position) AS last FROM events')?.['last'] ?? 0);
  }

  hashAt(position: number): string | null {
    return textOrNull(this.#one('SELECT hash FROM events WHERE position = ?', position)?.['hash']);
  }

  /** Both included. */
  rows(from: number, to: number): readonly EventRow[] {
    return this.#all(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE position BETWEEN ? AND ? ORDER BY position`,
      from,
      to,
    );
  }

  addEvent(event: NewEvent): void {
    this.#insertEvent ??= this.#db.prepare(INSERT_EVENT);
    this.#insertEvent.run(
      event.position,
      event.id,
      event.type,
      event.occurredAt,
      event.recordedAt,
      event.clockState,
      event.clockOffsetMs,
      event.actorRef,
      event.payloadText,
      event.payloadHash,
      event.hash,
    );
  }

  keyPosition(key: string): number | null {
    const position = this.#one('SELECT position FROM keys WHERE key = ?', key)?.['position'];
    return position === undefined ? null : Number(position);
  }

  /** Null: no event is there. One whose payload is withheld says nothing. */
  payloadAt(position: number): LedgerPayload | null {
    const row = this.#one('SELECT payload FROM events WHERE position = ?', position);
    if (row === undefined) return null;
    const text = textOrNull(row['payload']);
    return text === null ? {} : (JSON.parse(text) as LedgerPayload);
  }

  addKey(key: string, position: number): void {
    this.#run('INSERT INTO keys (key, position) VALUES (?, ?)', key, position);
  }

  marks(): ReadonlyMap<string, string> {
    const rows = this.#all('SELECT name, value FROM marks');
    return new Map(rows.map((row) => [String(row['name']), String(row['value'])]));
  }

  setMark(name: string, value: string): void {
    this.#run(
      'INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    );
  }

  cursor(consumer: string): AcknowledgedCursor | null {
    return this.cursors().find((kept) => kept.consumer === consumer)?.cursor ?? null;
  }

  cursors(): readonly { readonly consumer: string; readonly cursor: AcknowledgedCursor }[] {
    // All columns: a reader of a file that no edge has opened since finds no hash.
    return this.#all('SELECT * FROM cursors').map((row) => ({
      consumer: String(row['consumer']),
      cursor: { epoch: String(row['epoch']), upTo: Number(row['up_to']), hash: textOrNull(row['hash']) },
    }));
  }

  /** A statement of its own is a transaction of its own. */
  setCursor(consumer: string, { epoch, upTo, hash }: AcknowledgedCursor): void {
    this.#run(
      `INSERT INTO cursors (consumer, epoch, up_to, hash) VALUES (?, ?, ?, ?)
       ON CONFLICT (consumer) DO UPDATE SET epoch = excluded.epoch, up_to = excluded.up_to, hash = excluded.hash`,
      consumer,
      epoch,
      upTo,
      hash,
    );
  }

  /** Walks the whole file. @returns what SQLite finds wrong with its structure, or null. */
  structureFault(): string | null {
    const answer = String(this.#one('PRAGMA integrity_check(1)')?.['integrity_check']);
    return answer === 'ok' ? null : answer.replaceAll(/\s+/gu, ' ');
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Prepared once: parsing a statement costs more than running it. */
  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #one(sql: string, ...values: readonly (string | number)[]): EventRow | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: readonly (string | number)[]): readonly EventRow[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }
}

function textOrNull(value: SQLOutputValue | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}
