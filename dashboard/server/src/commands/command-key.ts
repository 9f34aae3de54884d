/** The key that this server's requests to the edges are signed with; edges trust its public half. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entropy } from '../ports/entropy.ts';
import { StartError } from '../start-error.ts';
import { writeDurable } from '../system/write-durable.ts';

export const COMMAND_KEY_FILE = 'command-key.pem';
/** What `commands: { trust: [...] }` of a line names. */
export const COMMAND_PUBLIC_KEY_FILE = 'command-key.pub.pem';

/** An Ed25519 private key (RFC 8410) up to its 32 bytes: PKCS #8 always begins like this. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/**
 * @returns the private key, made at the first start; its public half lies beside it.
 * @throws StartError when what lies there is no such key.
 */
export function commandKey(dataDir: string, entropy: Entropy): KeyObject {
  const path = join(dataDir, COMMAND_KEY_FILE);
  if (!existsSync(path)) writeDurable(path, newKey(entropy), 0o600);
  const key = readKey(path);
  const publicPath = join(dataDir, COMMAND_PUBLIC_KEY_FILE);
  const publicText = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  if (!existsSync(publicPath) || readFileSync(publicPath, 'utf8') !== publicText) {
    writeDurable(publicPath, publicText, 0o644);
  }
  return key;
}

function newKey(entropy: Entropy): string {
  const der = Buffer.concat([PKCS8_HEAD, entropy.bytes(SEED_BYTES)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readKey(path: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key for ${key.asymmetricKeyType}`);
    return key;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${path} is no Ed25519 key (${reason}): remove it, and a new one is made`, {
      cause: error,
    });
  }
}
