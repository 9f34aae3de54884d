import { randomBytes } from 'node:crypto';
import type { Entropy } from '../ports/entropy.ts';

/** The machine's own randomness. */
export const systemEntropy: Entropy = {
  random: () => Math.random(),
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
