/** Reads a ledger event by event, recomputing the chain, in little memory. */
import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import { readRow, type EventRow, type Place } from './event-row.ts';
import { type EpochRow, type LedgerFile } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { sqliteFailure } from './sqlite-failure.ts';

/** Rows in memory at a time. */
const CHUNK_ROWS = 500;

/** Where the chain does not hold. Null: not even that can be read. */
export interface BrokenPlace {
  readonly line: string | null;
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly reason: string;
}

export type WalkStep =
  | { readonly kind: 'event'; readonly event: LedgerEvent; readonly position: number }
  /** Always the last. */
  | { readonly kind: 'broken'; readonly broken: BrokenPlace };

export interface LedgerNames {
  readonly site: string;
  readonly line: string;
}

/** @throws {LedgerFileError} when the file does not say whose ledger it is. */
export function namesOf(file: LedgerFile): LedgerNames {
  const site = file.meta('site');
  const line = file.meta('line');
  if (site === null || line === null) throw new LedgerFileError('The file does not say whose ledger it is');
  return { site, line };
}

/** @returns the epoch of a place in the file, or null. */
export function epochAt(epochs: readonly EpochRow[], position: number): EpochRow | null {
  return epochs.findLast(({ firstPosition }) => firstPosition <= position) ?? null;
}

/**
 * Gives at most `max` events from place `from` up to the end of now, or up to the first that is broken. What is appended
 * meanwhile is not seen. The event before `from` is believed.
 * @throws what SQLite says of anything but a row.
 */
export function* walkLedger(
  file: LedgerFile,
  names: LedgerNames,
  from: number,
  max = Infinity,
): Generator<WalkStep> {
  const epochs = file.epochs();
  const last = Math.min(file.lastPosition(), from + max - 1);
  let prev = from > 1 ? file.hashAt(from - 1) : null;
  for (let start = from; start <= last; start += CHUNK_ROWS) {
    const end = Math.min(last, start + CHUNK_ROWS - 1);
    const rows = readChunk(file, start, end);
    for (let position = start; position <= end; position += 1) {
      const epoch = epochAt(epochs, position);
      const seq = epoch === null ? null : position - epoch.firstPosition + 1;
      const brokenAt = (reason: string): WalkStep => ({
        kind: 'broken',
        broken: { line: names.line, epoch: epoch?.epoch ?? null, seq, reason },
      });
      if (typeof rows === 'string') return yield brokenAt(rows);
      if (epoch === null || seq === null) return yield brokenAt('it belongs to no epoch');
      const before = seq === 1 ? FIRST_PREV : prev;
      if (before === null) return yield brokenAt('the event before it is missing');
      const place = { ...names, epoch: epoch.epoch, seq, position, prev: before };
      const reading = readAt(rows[position - start], place);
      if (reading.kind === 'broken') return yield brokenAt(reading.reason);
      prev = reading.event.hash;
      yield { kind: 'event', event: reading.event, position };
    }
  }
}

function readAt(row: EventRow | undefined, place: Place): ReturnType<typeof readRow> {
  return row === undefined
    ? { kind: 'broken', reason: `event ${place.seq} is missing` }
    : readRow(row, place);
}

/** @returns the rows, or what is wrong with the first of them when SQLite cannot read it. */
function readChunk(file: LedgerFile, start: number, end: number): readonly EventRow[] | string {
  try {
    return file.rows(start, end);
  } catch (error) {
    if (start < end) return readIntact(file, start, end);
    return `it cannot be read: ${sqliteFailure(error).reason}`;
  }
}

/** One row after the other, up to the first that SQLite cannot read. */
function readIntact(file: LedgerFile, start: number, end: number): readonly EventRow[] | string {
  const rows: EventRow[] = [];
  for (let position = start; position <= end; position += 1) {
    const one = readChunk(file, position, position);
    if (typeof one === 'string') return rows.length === 0 ? one : rows;
    rows.push(...one);
  }
  return rows;
}
