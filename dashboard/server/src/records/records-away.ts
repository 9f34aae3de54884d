/** Tells «the records cannot be reached or written now» from «something is wrong with what was asked». */

/** The records are known to be out of reach: nothing was asked of them. */
export class RecordsClosed extends Error {
  override readonly name = 'RecordsClosed';
}

/** Of the connection, by the operating system. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATE: 08 connection, 28 not let in, 3D no such database, 53 out of disk, memory or connections, 57 stopped by
 * somebody or by its time-out, 58 the database's own disk, XX its own files, 55P03 a lock was not had in time,
 * 40 a transaction that lost against another, 25006 a read-only stand-by.
 */
const SQL_STATES = /^(?:08|28|3D|53|57|58|40|XX)[0-9A-Z]{3}$|^55P03$|^25006$|^25P03$/u;

/** What the client library says without a code. */
const MESSAGES =
  /^(?:Connection terminated|timeout e(?:xceeded|xpired)|Query read timeout|Client has encountered a connection error|Client was closed|Postgres connection has been discarded)/u;

/** SQLite: busy, locked, no memory, read-only, I/O error, damaged, full, cannot open, no database; the low byte. */
const SQLITE_CODES = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/** @returns why the records cannot be reached or written now, in words; null when it is another error. */
export function recordsAway(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (isAway(at)) return at.message === '' ? 'no connection' : at.message;
    if (at instanceof AggregateError) {
      const inner = at.errors.map(recordsAway).find((reason) => reason !== null);
      if (inner !== undefined) return inner;
    }
  }
  return null;
}

function isAway(error: Error): boolean {
  if (error instanceof RecordsClosed) return true;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_SQLITE_ERROR' && 'errcode' in error && typeof error.errcode === 'number') {
    return SQLITE_CODES.has(error.errcode & 0xff);
  }
  if (typeof code === 'string' && (SYSTEM_CODES.has(code) || SQL_STATES.test(code))) return true;
  return MESSAGES.test(error.message);
}
