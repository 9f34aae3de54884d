/** Secrets are kept as argon2id hashes (RFC 9106), written as PHC strings so that the cost may rise later. */
import { argon2, timingSafeEqual } from 'node:crypto';

interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane; about 30 ms on a small PC. */
const COST: Cost = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
export const SALT_BYTES = 16;

const PHC =
  /^\$argon2id\$v=19\$m=(?<m>\d{1,7}),t=(?<t>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9+/]+)\$(?<tag>[A-Za-z0-9+/]+)$/u;

/** @returns the PHC string of a secret under a fresh salt. */
export async function hashSecret(secret: string, salt: Uint8Array): Promise<string> {
  const tag = await derive(secret, salt, COST, TAG_BYTES);
  const { memoryKiB, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** @returns whether the secret is the one that was hashed. @throws when the string is not a hash of ours. */
export async function verifySecret(secret: string, phc: string): Promise<boolean> {
  const found = PHC.exec(phc)?.groups;
  if (found === undefined) throw new Error('a stored secret hash is not an argon2id PHC string');
  const expected = Buffer.from(found['tag'] ?? '', 'base64');
  const cost = { memoryKiB: Number(found['m']), passes: Number(found['t']), parallelism: Number(found['p']) };
  const tag = await derive(secret, Buffer.from(found['salt'] ?? '', 'base64'), cost, expected.length);
  return timingSafeEqual(tag, expected);
}

function derive(secret: string, salt: Uint8Array, cost: Cost, tagLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        message: secret.normalize('NFKC'),
        nonce: salt,
        memory: cost.memoryKiB,
        passes: cost.passes,
        parallelism: cost.parallelism,
        tagLength,
      },
      (error, tag) => (error === null ? resolve(tag) : reject(error)),
    );
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
