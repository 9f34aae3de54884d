/** A damaged file makes room for a new one, and stays for whoever wants to look at it. */
import { renameSync, rmSync } from 'node:fs';

/** Beside the file; the one before it is replaced, so that there is never more than one. */
export const SET_ASIDE = '.damaged';

/** To be called when the file is closed. @throws when the disk refuses. @returns where it lies now. */
export function setAside(path: string): string {
  const aside = `${path}${SET_ASIDE}`;
  // A log that belongs to another file would be taken for its own by whoever opens it.
  for (const suffix of ['-wal', '-shm']) {
    rmSync(`${aside}${suffix}`, { force: true });
    renameWhenThere(`${path}${suffix}`, `${aside}${suffix}`);
  }
  renameWhenThere(path, aside);
  return aside;
}

function renameWhenThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
