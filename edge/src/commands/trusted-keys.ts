/**
 * The public keys whose requests count, from the files that the configuration names. They are read again, for a
 * server makes its key at its first start, which may come after the edge's; a file that is gone is trusted no more.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { keyId } from '@trame/protocol/command';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { SparingLog } from '../ports/sparing-log.ts';

/** How long keys that were read are taken for what is in the files, ms. */
export const TRUST_READ_EVERY_MS = 3000;
/** The same thing about the same file is logged at most so often, ms. */
const SAME_WORDS_EVERY_MS = 10 * 60_000;
/** Largest file of keys, characters; more is no file of keys. */
const FILE_CHARACTERS_MAX = 64 * 1024;
const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/gu;

export class TrustedKeys {
  readonly #files: readonly string[];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sparing: SparingLog;
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #readAtMs: number | null = null;

  /** @param files absolute paths of PEM files, each with one Ed25519 public key or several. */
  constructor(files: readonly string[], clock: Clock, log: Log) {
    this.#files = files;
    this.#clock = clock;
    this.#log = log;
    this.#sparing = new SparingLog(clock, SAME_WORDS_EVERY_MS);
  }

  /** @returns the key of this id when it is trusted. */
  async find(id: string): Promise<KeyObject | null> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#readAtMs === null || nowMs - this.#readAtMs >= TRUST_READ_EVERY_MS) {
      this.#readAtMs = nowMs;
      const keys = (await Promise.all(this.#files.map((file) => this.#read(file)))).flat();
      this.#keys = new Map(keys.map((key) => [keyId(key), key]));
    }
    return this.#keys.get(id) ?? null;
  }

  async #read(file: string): Promise<readonly KeyObject[]> {
    try {
      const text = await readFile(file, 'utf8');
      if (text.length > FILE_CHARACTERS_MAX) throw new Error('it is too large for a file of keys');
      const keys = (text.match(PUBLIC_KEY) ?? []).map((pem) => createPublicKey(pem));
      if (keys.length === 0) throw new Error('it holds no public key in PEM');
      const other = keys.find(({ asymmetricKeyType }) => asymmetricKeyType !== 'ed25519');
      if (other !== undefined)
        throw new Error(`it holds a key of type ${other.asymmetricKeyType}, not Ed25519`);
      return keys;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#sparing.isDue(`${file} ${reason}`)) {
        this.#log.warn({ file, reason }, 'requests signed by the keys of this file are refused');
      }
      return [];
    }
  }
}
