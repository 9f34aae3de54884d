/** What is asked of `items.db`, prepared once, and the questions that a page makes. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ItemQuery } from '../ports/item-store.ts';

export type ItemsStatements = ReturnType<typeof prepareStatements>;

const SPECTRUM = 'crc, quantity, instrument, from_nm, step_nm, points, axis, "values"';
const COLUMNS = 'n, device, life, seq, read_at_ms, outlet, reading, crc, body';

export function prepareStatements(db: DatabaseSync) {
  const prepare = (sql: string): StatementSync => db.prepare(sql);
  return {
    counts: prepare(
      `SELECT (SELECT count(*) FROM item) AS items, (SELECT count(*) FROM spectrum) AS spectra,
        (SELECT max(n) FROM item) AS last`,
    ),
    insert: prepare(`INSERT OR IGNORE INTO item (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    insertSpectrum: prepare(
      `INSERT OR REPLACE INTO spectrum (n, ${SPECTRUM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    /** The last one of the oldest so many. */
    oldest: prepare('SELECT n FROM item ORDER BY n LIMIT 1 OFFSET ?'),
    removeItems: prepare('DELETE FROM item WHERE n <= ?'),
    removeOverrides: prepare('DELETE FROM override WHERE n <= ?'),
    removeSpectraOf: prepare('DELETE FROM spectrum WHERE n <= ?'),
    removeSpectra: prepare('DELETE FROM spectrum WHERE n IN (SELECT n FROM spectrum ORDER BY n LIMIT ?)'),
    find: prepare(`SELECT ${COLUMNS} FROM item WHERE device = ? AND life = ? AND seq = ?`),
    spectrum: prepare(`SELECT ${SPECTRUM} FROM spectrum WHERE n = ?`),
    overrides: prepare('SELECT crc, body FROM override WHERE n = ? ORDER BY o'),
    addOverride: prepare('INSERT INTO override (n, crc, body) VALUES (?, ?, ?)'),
    ofTime: prepare(
      `SELECT ${COLUMNS} FROM item WHERE read_at_ms <= ? AND (read_at_ms, n) > (?, ?)
        ORDER BY read_at_ms, n LIMIT ?`,
    ),
    after: prepare(
      `SELECT ${COLUMNS} FROM item WHERE device = ? AND (life, seq) > (?, ?) ORDER BY life, seq LIMIT ?`,
    ),
    lastPlace: prepare('SELECT life, seq FROM item WHERE device = ? ORDER BY life DESC, seq DESC LIMIT 1'),
    keep: prepare('INSERT OR REPLACE INTO kept (name, crc, text) VALUES (?, ?, ?)'),
    kept: prepare('SELECT crc, text FROM kept WHERE name = ?'),
    keptNames: prepare('SELECT count(*) AS names FROM kept WHERE name <> ?'),
  };
}

/** Where a page goes on: below this time and number. */
export interface PageCursor {
  readonly readAtMs: number;
  readonly n: number;
}

const CURSOR = /^(-?\d{1,16}):(\d{1,16})$/u;

export function cursorText({ readAtMs, n }: PageCursor): string {
  return `${readAtMs}:${n}`;
}

/** @returns null: the text is none. */
export function readCursor(text: string): PageCursor | null {
  const [, readAtMs, n] = CURSOR.exec(text) ?? [];
  return readAtMs === undefined || n === undefined ? null : { readAtMs: Number(readAtMs), n: Number(n) };
}

/** Each filter has an index that goes on in the order of time, so no page walks past what it does not show. */
export function pageQuestion(query: ItemQuery, cursor: PageCursor | null, rows: number) {
  const { outlet, reading, fromMs, toMs } = query;
  const asked: string[] = [];
  const values: SQLInputValue[] = [];
  const ask = (condition: string, ...given: SQLInputValue[]): void => {
    asked.push(condition);
    values.push(...given);
  };
  if (outlet !== undefined) ask('outlet = ?', outlet);
  if (reading !== undefined) ask('reading = ?', reading);
  if (fromMs !== undefined) ask('read_at_ms >= ?', Math.trunc(fromMs));
  if (toMs !== undefined) ask('read_at_ms <= ?', Math.trunc(toMs));
  if (cursor !== null) ask('(read_at_ms, n) < (?, ?)', cursor.readAtMs, cursor.n);
  const where = asked.length === 0 ? '' : `WHERE ${asked.join(' AND ')}`;
  const sql = `SELECT ${COLUMNS} FROM item ${where} ORDER BY read_at_ms DESC, n DESC LIMIT ?`;
  return { sql, values: [...values, rows] };
}
