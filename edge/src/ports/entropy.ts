/** Randomness, passed in. */
export interface Entropy {
  /** Uniform in [0, 1). */
  random(): number;
  /** For ids that nobody may guess or meet twice. */
  bytes(count: number): Uint8Array;
}
