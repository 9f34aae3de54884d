import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const opcUaUser = 'trame';

/** The password of the OPC UA devices, made at the first start in `opcua.secret` (mode 0600). */
export function opcUaPassword(directory: string): string {
  const file = join(directory, 'opcua.secret');
  try {
    writeFileSync(file, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
