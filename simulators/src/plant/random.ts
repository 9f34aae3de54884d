/**
 * Seeded pseudo-random numbers (sfc32, 128 bits of state) as plain data, so that a plant can be saved and
 * goes on exactly where it stopped. Every stream has its own state: what one part of the plant draws never
 * changes what another part sees.
 */
export interface RandomState {
  a: number;
  b: number;
  c: number;
  d: number;
}

const warmUpRounds = 12;

/** A stream that depends on every one of `words` (unsigned 32-bit integers), and on their order. */
export function seedRandom(...words: readonly number[]): RandomState {
  let hash = 0x9e3779b9;
  const mix = (word: number): number => {
    hash = Math.imul(hash ^ word, 0x85ebca6b) >>> 0;
    hash = (hash ^ (hash >>> 13)) >>> 0;
    hash = Math.imul(hash, 0xc2b2ae35) >>> 0;
    hash = (hash ^ (hash >>> 16)) >>> 0;
    return hash;
  };
  for (const word of words) mix(word >>> 0);
  const random: RandomState = { a: mix(1), b: mix(2), c: mix(3), d: 1 };
  for (let round = 0; round < warmUpRounds; round += 1) nextUint32(random);
  return random;
}

/** The next unsigned 32-bit integer of the stream. */
export function nextUint32(random: RandomState): number {
  const sum = (((random.a + random.b) | 0) + random.d) | 0;
  random.d = (random.d + 1) | 0;
  random.a = random.b ^ (random.b >>> 9);
  random.b = (random.c + (random.c << 3)) | 0;
  random.c = ((random.c << 21) | (random.c >>> 11)) + sum;
  random.c |= 0;
  return sum >>> 0;
}

/** Uniform in [0, 1). */
export function uniform(random: RandomState): number {
  return nextUint32(random) / 0x1_0000_0000;
}

/** Uniform in [low, high). */
export function between(random: RandomState, low: number, high: number): number {
  return low + uniform(random) * (high - low);
}

/** An integer in [low, high], both included. */
export function integerBetween(random: RandomState, low: number, high: number): number {
  return low + Math.floor(uniform(random) * (high - low + 1));
}

/** True with the given probability. */
export function chance(random: RandomState, probability: number): boolean {
  return uniform(random) < probability;
}

/** Standard normal (Box–Muller, one of the pair). */
export function normal(random: RandomState): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}

/** One entry of `weighted`, each with its weight (> 0; they need not sum to 1). The list must not be empty. */
export function pick<Choice>(random: RandomState, weighted: readonly (readonly [Choice, number])[]): Choice {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let left = uniform(random) * total;
  for (const [choice, weight] of weighted) {
    left -= weight;
    if (left < 0) return choice;
  }
  const last = weighted.at(-1);
  if (last === undefined) throw new Error('pick: nothing to pick from');
  return last[0];
}
