import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';

/** Lies in the data directory while a backup is being taken back. */
export const RESTORE_MARK = 'restore-unfinished';

/** @throws StartError when a restore was cut off: records and history may be of two different days. */
export function refuseHalfRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORE_MARK))) return;
  throw new StartError(
    `A restore into ${dataDir} was cut off: run «trame-dashboard restore» again before starting the server`,
  );
}
