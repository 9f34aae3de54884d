import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledRow } from './labelled-row.ts';
import { parseSpectra, SpectraError } from './parse-spectra.ts';

export interface SpectraFile {
  readonly name: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly rows: readonly LabelledRow[];
}

const MAX_FILES = 1000;
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Every `.csv` of a folder, in order of name; folders in it are not looked into.
 *
 * @throws SpectraError when there is none, or one of them is not as {@link parseSpectra} expects
 */
export function readSpectraFolder(folder: string): SpectraFile[] {
  const names = csvNames(folder);
  if (names.length === 0) throw new SpectraError(`${folder}: no .csv file in it`);
  if (names.length > MAX_FILES) throw new SpectraError(`${folder}: more than ${MAX_FILES} .csv files`);
  return names.map((name) => {
    const path = join(folder, name);
    if (statSync(path).size > MAX_FILE_BYTES) {
      throw new SpectraError(`${path}: larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
    }
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, sha256, rows: parseSpectra(bytes.toString('utf8'), path) };
  });
}

function csvNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.csv'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SpectraError(`${folder}: there is no such folder`, { cause: error });
    if (code === 'ENOTDIR') throw new SpectraError(`${folder}: not a folder`, { cause: error });
    throw error;
  }
}
