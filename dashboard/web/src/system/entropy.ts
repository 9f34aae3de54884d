/** @returns a number in [0, 1), to spread reconnections of many pages; not for secrets. */
export type Entropy = () => number;

export const browserEntropy: Entropy = () => Math.random();
