/** Chance that a seed gives again: the same training and the same splits on every machine. */

export interface Seeded {
  /** 0 ≤ … < 1 */
  readonly next: () => number;
}

/** The generator mulberry32. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** `count` different ones of `all`, or all of them. */
export function draw<T>(all: readonly T[], count: number, { next }: Seeded): T[] {
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return drawn;
}

/** One of `all`, which is not empty. */
export function pick<T>(all: readonly T[], { next }: Seeded): T {
  return all[Math.floor(next() * all.length)] as T;
}
