import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A file that is there is complete: written beside, synced, then put in its place. */
export function writeWhole(path: string, text: string): void {
  const partFile = `${path}.part`;
  try {
    const handle = openSync(partFile, 'w', 0o644);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(partFile, path);
  } finally {
    rmSync(partFile, { force: true });
  }
}
