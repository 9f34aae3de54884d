/** A data directory keeps to the kind of line that it was made for: its ledger and its records are of that line. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartOptions } from './start-options.ts';

const FILE = 'profile';

/**
 * Remembers the profile in the directory, which must be writable and locked.
 * @returns null, or one line for a person when the directory was made for another profile.
 */
export function keepProfile(options: Pick<StartOptions, 'dataDir' | 'profile' | 'scales'>): string | null {
  const wanted = nameOf(options);
  const kept = readKept(options.dataDir);
  if (kept === wanted) return null;
  if (kept !== null) {
    return (
      `The data directory ${options.dataDir} holds a line of the profile ${kept}, not ${wanted}: ` +
      'start that one, or set TRAME_DATA_DIR to another directory'
    );
  }
  const path = join(options.dataDir, FILE);
  writeFileSync(`${path}.new`, `${wanted}\n`);
  renameSync(`${path}.new`, path);
  return null;
}

/** Whether the one scale is linked may change; a second scale is another line. */
function nameOf({ profile, scales }: Pick<StartOptions, 'profile' | 'scales'>): string {
  return profile === 'manual' && scales === 2 ? 'manual with two scales' : profile;
}

/** Directories that are older than profiles are of the automatic line. */
function readKept(dataDir: string): string | null {
  const path = join(dataDir, FILE);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  return existsSync(join(dataDir, 'edge/line.yaml')) ? 'automatic' : null;
}
