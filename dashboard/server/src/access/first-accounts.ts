/** The accounts of a first start: five for a demonstration, one administrator for a real installation. */
import { ROLES } from '@trame/protocol/dashboard-api';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Records } from '../records/open-records.ts';
import { writeDurable } from '../system/write-durable.ts';
import { hashSecret, SALT_BYTES } from './secret-hash.ts';
import { addUsers, countUsers } from './user-repository.ts';

export interface FirstAccountOptions {
  readonly records: Records;
  readonly installation: 'real' | 'demo';
  readonly demoAccountsFile: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export type FirstAccounts =
  | { readonly kind: 'already-there' }
  | { readonly kind: 'demo'; readonly file: string }
  /** Shown once, on the terminal of whoever installs: it is stored nowhere. */
  | { readonly kind: 'administrator'; readonly login: string; readonly secret: string };

const SECRET_BYTES = 15;
const FIRST_ADMINISTRATOR = 'admin';

/** @returns a secret that nobody can guess and that can still be typed. */
export function newSecret(entropy: Entropy): string {
  return Buffer.from(entropy.bytes(SECRET_BYTES)).toString('base64url');
}

export async function makeFirstAccounts(options: FirstAccountOptions): Promise<FirstAccounts> {
  const { records, installation, entropy, clock } = options;
  if ((await countUsers(records)) > 0) return { kind: 'already-there' };
  if (installation === 'real') {
    const secret = newSecret(entropy);
    const secretHash = await hashSecret(secret, entropy.bytes(SALT_BYTES));
    const user = { login: FIRST_ADMINISTRATOR, role: 'administrator', secretHash, demo: false } as const;
    await addUsers(records, [user], clock.nowMs());
    return { kind: 'administrator', login: FIRST_ADMINISTRATOR, secret };
  }
  const accounts = ROLES.map((role) => ({ login: role, secret: newSecret(entropy), role }));
  const users = [];
  for (const { login, secret, role } of accounts) {
    users.push({ login, role, secretHash: await hashSecret(secret, entropy.bytes(SALT_BYTES)), demo: true });
  }
  // The file first: accounts whose secrets were never written down would lock everybody out for good.
  writeDurable(options.demoAccountsFile, `${JSON.stringify(accounts, null, 2)}\n`, 0o600);
  await addUsers(records, users, clock.nowMs());
  return { kind: 'demo', file: options.demoAccountsFile };
}
