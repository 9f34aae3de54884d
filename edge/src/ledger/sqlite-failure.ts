/** What an error of SQLite means for whoever writes. */
import type { LedgerFaultCode } from '@trame/protocol/heartbeat';

/** Primary result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

export interface SqliteFailure {
  readonly code: Extract<LedgerFaultCode, 'disk-full' | 'io-error'>;
  /** What SQLite says, on one line. */
  readonly reason: string;
  /** The file is not what SQLite wrote: nothing may be added to it. */
  readonly isDamage: boolean;
}

export function sqliteFailure(error: unknown): SqliteFailure {
  const primary = primaryCode(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: primary === SQLITE_FULL ? 'disk-full' : 'io-error',
    reason: message.replaceAll(/\s+/gu, ' '),
    isDamage: primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB,
  };
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  // The low byte is the primary code, the rest says more about it.
  return typeof error.errcode === 'number' ? error.errcode % 256 : null;
}
