/** Why the file of pieces does not take or give what it should, from what SQLite says. */

export type ItemsFault =
  /** The content cannot be trusted: opening the same file again will not help. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** Nothing can be read or written until it is opened anew. */
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'not-stored'; readonly reason: string };

/** Of statements that this program knows to be right: the tables are not what they should be. */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;
const SQLITE_NOTADB = 26;
const DAMAGES: readonly (number | null)[] = [
  SQLITE_ERROR,
  SQLITE_CORRUPT,
  SQLITE_CONSTRAINT,
  SQLITE_MISMATCH,
  SQLITE_NOTADB,
];

/** @param name of the file. */
export function itemsFault(error: unknown, name: string): ItemsFault {
  const said = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  if (DAMAGES.includes(code)) return { kind: 'damaged', reason: `${name} is damaged (${said})` };
  if (code === SQLITE_BUSY) return { kind: 'closed', reason: `another program holds ${name}` };
  if (code === SQLITE_FULL) {
    return { kind: 'not-stored', reason: `the disk is full: ${name} takes nothing more` };
  }
  return { kind: 'not-stored', reason: `${name}: ${said}` };
}

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  // The low byte is the primary result code.
  return typeof error.errcode === 'number' ? error.errcode % 256 : null;
}
