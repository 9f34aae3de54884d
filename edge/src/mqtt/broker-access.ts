/** The files that a connection to the broker needs, read anew at each attempt: a technician may mend them. */
import { readFile } from 'node:fs/promises';
import type { UplinkConfig } from '../domain/line-config.ts';

export interface BrokerAccess {
  readonly password: string | null;
  readonly ca: Buffer | null;
}

export type AccessReading =
  | { readonly kind: 'read'; readonly access: BrokerAccess }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The password file's last line break does not belong to the password. */
export async function readBrokerAccess(
  config: Pick<UplinkConfig, 'passwordFile' | 'caFile'>,
): Promise<AccessReading> {
  try {
    const password =
      config.passwordFile === null
        ? null
        : (await readFile(config.passwordFile, 'utf8')).replace(/\r?\n$/u, '');
    const ca = config.caFile === null ? null : await readFile(config.caFile);
    return { kind: 'read', access: { password, ca } };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}
