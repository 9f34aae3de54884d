/** The data directory of a start: it can be written, and only one start uses it at a time. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type OpenedDataDir =
  | { readonly kind: 'open'; readonly release: () => void }
  | { readonly kind: 'refused'; readonly line: string };

/**
 * Makes the directory, tries a write and takes its lock. The lock is SQLite's own on `start.lock`: the kernel drops it
 * when the process ends, however it ends.
 */
export function openDataDir(dataDir: string): OpenedDataDir {
  const refusal = whyNotWritable(dataDir);
  if (refusal !== null) {
    return {
      kind: 'refused',
      line: `The data directory ${dataDir} cannot be written (${refusal}): free it or set TRAME_DATA_DIR`,
    };
  }
  const lock = new DatabaseSync(join(dataDir, 'start.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    return {
      kind: 'refused',
      line: `The data directory ${dataDir} is used by another start: stop it or set TRAME_DATA_DIR`,
    };
  }
  return { kind: 'open', release: () => lock.close() };
}

/** Node's own recursive mkdir tells ENOENT on a read-only file system, and never ends below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Root is not stopped by modes, so a real write is tried. */
function whyNotWritable(dataDir: string): string | null {
  const probe = join(dataDir, '.write-probe');
  try {
    makeFolder(dataDir);
    writeFileSync(probe, '');
    rmSync(probe);
    return null;
  } catch (error) {
    switch (errorCode(error)) {
      case 'EROFS':
        return 'the file system is read-only';
      case 'EACCES':
      case 'EPERM':
        return 'no right to write there';
      case 'ENOTDIR':
      case 'EEXIST':
        return 'a file is in its place';
      case 'ENOENT':
        return 'no folder can be made there';
      case 'ENOSPC':
        return 'the disk is full';
      default:
        return errorCode(error) ?? String(error);
    }
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** SQLITE_BUSY is 5. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
