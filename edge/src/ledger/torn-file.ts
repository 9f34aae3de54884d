/** What SQLite would pass over in silence when it opens a file. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** The file does not hold what was written. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
}

/** https://www.sqlite.org/fileformat2.html, section 1.3. */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const PAGE_SIZE_AT = 16;

/**
 * SQLite takes a file of one byte for a new one and writes over it, and fills up a last page that was cut. Without
 * a log beside it that would mend it, such a file was torn by something else. To be asked before this process has
 * the file open: closing it here would let go of SQLite's locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
 * @throws {DamageError}
 */
export function refuseTornFile(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const logSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  if (size < HEADER_BYTES) throw new DamageError('file is not a database');
  const pageSize = pageSizeOf(path);
  if (logSize === 0 && pageSize > 0 && size % pageSize !== 0) throw new DamageError('the file was cut off');
}

function pageSizeOf(path: string): number {
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(path, 'r');
  try {
    readSync(handle, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(handle);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new DamageError('file is not a database');
  const said = header.readUInt16BE(PAGE_SIZE_AT);
  // 65 536 does not fit; anything else that is no power of two is refused by SQLite itself.
  return said === 1 ? 65_536 : said;
}
