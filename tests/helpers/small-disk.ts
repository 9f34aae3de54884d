/** A disk of its own under a folder: a tmpfs, which a test can fill to the last byte. */
import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk extends AsyncDisposable {
  /** Writes until nothing more fits. May be called again when somebody gave room back. */
  readonly fill: () => void;
  /** Takes away what filled it. */
  readonly giveBack: () => void;
  readonly freeBytes: () => number;
}

const CHUNK_BYTES = 64 * 1024;

/** @returns null where nobody may mount one. */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | null {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  if (status !== 0) return null;
  const filler = join(folder, 'filler');
  return {
    fill: () => append(filler),
    giveBack: () => rmSync(filler, { force: true }),
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
    [Symbol.asyncDispose]: async () => {
      spawnSync('umount', ['-l', folder]);
    },
  };
}

function append(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (let size = CHUNK_BYTES; size >= 1;) {
      try {
        writeSync(handle, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(handle);
  }
}
