import { statfs } from 'node:fs/promises';

/** @returns bytes that may still be written where a folder lies; null when the machine does not say. */
export async function freeSpace(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path);
    const bytes = bavail * bsize;
    return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
  } catch {
    // No file system answers, or none that counts: not known.
    return null;
  }
}
