/** Randomness, passed in. */
export interface Entropy {
  /** Uniform in [0, 1), for jitter: not for secrets. */
  random(): number;
  /** Cryptographic bytes, for secrets and tokens. */
  bytes(count: number): Uint8Array;
}
