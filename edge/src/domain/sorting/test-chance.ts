/** Chance for tests that count how often something happens; a seed gives it again. */

export interface Chance {
  /** 0 ≤ … < 1. */
  readonly next: () => number;
  /** Mean 0, standard deviation 1. */
  readonly normal: () => number;
}

/** The generator mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return { next, normal };
}

/** One seed for a run: that of the surroundings, or another each time. It is to be printed. */
export function runSeed(): number {
  return Number(process.env['TRAME_TEST_SEED'] ?? Date.now() % 2 ** 31);
}
