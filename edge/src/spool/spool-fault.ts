/** Why the spool's file does not take or give what it should, from what SQLite says. */

export interface SpoolFault {
  /** `closed`: nothing can be read or written until the file is opened anew. */
  readonly state: 'not-stored' | 'closed';
  /** For a person. */
  readonly reason: string;
  /** The content cannot be trusted: opening the same file again will not help. */
  readonly isDamaged: boolean;
}

/** The file holds what this program never writes. */
export class SpoolDamage extends Error {
  override readonly name = 'SpoolDamage';
}

/** Of statements that this program knows to be right: the tables are not what they should be. */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** @param name of the file. */
export function spoolFault(error: unknown, name: string): SpoolFault {
  const said = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  const isDamaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === SQLITE_ERROR;
  if (error instanceof SpoolDamage || isDamaged) {
    const remedy = 'move it away, and a new one is made within a minute; what was in it is lost';
    return { state: 'closed', isDamaged: true, reason: `${name} is damaged (${said}): ${remedy}` };
  }
  if (code === SQLITE_BUSY) {
    return { state: 'closed', isDamaged: false, reason: `another program holds ${name}` };
  }
  const reason = code === SQLITE_FULL ? `the disk is full: ${name} takes nothing more` : `${name}: ${said}`;
  return { state: 'not-stored', isDamaged: false, reason };
}

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  // The low byte is the primary result code.
  return typeof error.errcode === 'number' ? error.errcode % 256 : null;
}
