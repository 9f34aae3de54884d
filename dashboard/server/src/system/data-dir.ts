import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';

/** A data directory that this process alone uses. */
export interface DataDir {
  readonly path: string;
  release(): void;
}

/**
 * Makes the directory, proves that it can be written and takes its lock. The lock is SQLite's on a file of
 * its own: the kernel drops it when the process dies, however it dies, so there is no stale lock to clear.
 * @throws StartError when the directory cannot be written or another server uses it.
 */
export function claimDataDir(path: string): DataDir {
  try {
    mkdirSync(path, { recursive: true, mode: 0o750 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(`The data directory ${path} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const lock = openLock(path);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) {
      throw new StartError(`The data directory ${path} is in use by another dashboard server`, {
        cause: error,
      });
    }
    throw new StartError(`The data directory ${path} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return { path, release: () => lock.close() };
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(join(path, 'server.lock'), { timeout: 0 });
  } catch (error) {
    throw new StartError(`The data directory ${path} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
