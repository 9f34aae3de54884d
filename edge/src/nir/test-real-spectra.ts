/** Where the real spectra lie, which no licence lets the repository hold. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const BESIDE_THE_REPOSITORY = resolve(
  fileURLToPath(new URL('../../../..', import.meta.url)),
  'shared/data/nir',
);

/** @returns the folder named by `TRAME_NIR_DATA`, or the one beside the repository; null when neither is there */
export function realSpectraFolder(): string | null {
  const folder = process.env['TRAME_NIR_DATA'] || BESIDE_THE_REPOSITORY;
  return existsSync(folder) ? folder : null;
}

export const WHERE_IT_IS_SOUGHT = `TRAME_NIR_DATA, or ${BESIDE_THE_REPOSITORY}`;
