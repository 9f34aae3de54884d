import type { Entropy } from '../ports/entropy.ts';

export const systemEntropy: Entropy = { random: () => Math.random() };
