/**
 * Whether something else comes down the belt than in the last days, or the model calls it something else: shares of what
 * pieces were called, in blocks of pieces, by the G-test of homogeneity (Sokal & Rohlf, Biometry, 17.4).
 *
 * Pieces of a lot are alike, so blocks differ more than chance lets single pieces differ: by how much more they did in the last
 * days (the mean χ² per degree of freedom, McCullagh & Nelder, Generalized Linear Models, 4.5) G is divided. Asked twice for
 * each block, of it alone and of the last ones together, each with a chance of 10⁻⁵ of a false alarm: four in a hundred
 * million pieces. A share that changed by less than {@link SHIFT_MIN_POINTS} is no alarm, however sure.
 */
import { frenchNumber, type DriftCondition } from './drift-condition.ts';
import type { Item } from './item.ts';

export const BLOCK_PIECES = 500;
/** Blocks that are looked at together: what changes slowly, or behind lots that differ. */
export const RECENT_BLOCKS = 8;
/** Blocks of the last days that are kept, and those without which nothing is said. */
export const REFERENCE_BLOCKS_MAX = 200;
export const REFERENCE_BLOCKS_MIN = 20;
export const SHIFT_MIN_POINTS = 10;
/** Standard normal deviate that is exceeded with a chance of 10⁻⁵. */
const DEVIATE = 4.265;
/** Classes that fewer are expected of in a block are looked at together. */
const EXPECTED_MIN = 5;
const REST = 'rest';

export type ClassCounts = Readonly<Record<string, number>>;

export interface ShareDrift {
  readonly block: ClassCounts;
  readonly pieces: number;
  /** The last ones, oldest first; they are not in the reference yet. */
  readonly recent: readonly ClassCounts[];
  readonly reference: readonly ClassCounts[];
  readonly found: FoundShift | null;
}

/** What was found with the last block. */
export interface FoundShift {
  readonly isRaised: boolean;
  /** G over its spread, over what it may be; 1: the limit. */
  readonly strength: number;
  /** What changed most. Shares in %. */
  readonly of: string;
  readonly before: number;
  readonly now: number;
}

export const NO_SHARES: ShareDrift = { block: {}, pieces: 0, recent: [], reference: [], found: null };

/** @returns the fibre of a piece of one fibre, else how it was read; null: it was not read. */
export function classOf({ verdict, facts }: Pick<Item, 'verdict' | 'facts'>): string | null {
  if (facts.reading === 'none') return null;
  return facts.reading === 'pure' ? (verdict.fibre ?? facts.reading) : facts.reading;
}

export function nextShares(state: ShareDrift, item: Pick<Item, 'verdict' | 'facts'>): ShareDrift {
  const of = classOf(item);
  if (of === null) return state;
  const block = { ...state.block, [of]: (state.block[of] ?? 0) + 1 };
  const pieces = state.pieces + 1;
  if (pieces < BLOCK_PIECES) return { ...state, block, pieces };
  const recent = [...state.recent, block];
  const found = shiftOf(recent, state.reference);
  const isOver = recent.length > RECENT_BLOCKS;
  // What is raised does not become what is usual: a person says so.
  const reference =
    isOver && found?.isRaised !== true
      ? [...state.reference, ...recent.slice(0, 1)].slice(-REFERENCE_BLOCKS_MAX)
      : state.reference;
  return { block: {}, pieces: 0, recent: isOver ? recent.slice(1) : recent, reference, found };
}

/** A person says that it is so from now on: the last blocks are what is usual, and the rest is learnt anew. */
export function acceptShares(state: ShareDrift): ShareDrift {
  return { ...state, reference: state.recent, recent: [], found: null };
}

export function shareCondition({ found, reference }: ShareDrift): DriftCondition {
  if (found === null) {
    const words = `apprentissage : ${reference.length * BLOCK_PIECES} pièces sur ${REFERENCE_BLOCKS_MIN * BLOCK_PIECES}`;
    return { isRaised: null, value: null, limit: 1, words };
  }
  const { isRaised, strength, of, before, now } = found;
  const words = `${of} : ${frenchNumber(now, 1)} % des dernières pièces, ${frenchNumber(before, 1)} % les jours d'avant`;
  return { isRaised, value: strength, limit: 1, words };
}

/** @returns the stronger of two: the last block alone, and the last ones together; null: too little to hold it against. */
function shiftOf(recent: readonly ClassCounts[], reference: readonly ClassCounts[]): FoundShift | null {
  if (reference.length < REFERENCE_BLOCKS_MIN) return null;
  const last = compare(recent.slice(-1), reference);
  const all = compare(recent.slice(-RECENT_BLOCKS), reference);
  if (last.isRaised !== all.isRaised) return last.isRaised ? last : all;
  return last.strength >= all.strength ? last : all;
}

function compare(recent: readonly ClassCounts[], reference: readonly ClassCounts[]): FoundShift {
  const names = namesOf(reference);
  const before = names.map((name) => countOf(reference, name, names));
  const now = names.map((name) => countOf(recent, name, names));
  const spread = spreadOf(reference, names, before);
  const freedom = Math.max(1, names.filter((_, i) => (before[i] ?? 0) + (now[i] ?? 0) > 0).length - 1);
  const strength = gOf(before, now) / spread / chiSquared(freedom);
  const [allBefore, allNow] = [total(before), total(now)];
  const shifts = names.map((of, i) => ({
    of,
    before: (100 * (before[i] ?? 0)) / allBefore,
    now: (100 * (now[i] ?? 0)) / allNow,
  }));
  const widest = shifts.reduce((a, b) => (Math.abs(b.now - b.before) > Math.abs(a.now - a.before) ? b : a));
  const isWide = Math.abs(widest.now - widest.before) >= SHIFT_MIN_POINTS;
  return { isRaised: isWide && strength >= 1, strength, ...widest };
}

/** Those with enough pieces; the rest, also what was never seen, is one. */
function namesOf(reference: readonly ClassCounts[]): readonly string[] {
  const sums: Record<string, number> = {};
  for (const block of reference) {
    for (const [name, count] of Object.entries(block)) sums[name] = (sums[name] ?? 0) + count;
  }
  const enough = Object.keys(sums).filter((name) => (sums[name] ?? 0) >= EXPECTED_MIN * reference.length);
  return [...enough.toSorted(), REST];
}

function countOf(blocks: readonly ClassCounts[], name: string, names: readonly string[]): number {
  let sum = 0;
  for (const block of blocks) {
    if (name !== REST) sum += block[name] ?? 0;
    else for (const [other, count] of Object.entries(block)) sum += names.includes(other) ? 0 : count;
  }
  return sum;
}

/** How much more blocks differ than single pieces would let them; 1: not at all. */
function spreadOf(
  reference: readonly ClassCounts[],
  names: readonly string[],
  sums: readonly number[],
): number {
  const all = total(sums);
  let [squares, classes] = [0, 0];
  for (const [i, name] of names.entries()) {
    const share = (sums[i] ?? 0) / all;
    if (share === 0) continue;
    classes += 1;
    for (const block of reference) {
      const expected = share * BLOCK_PIECES;
      squares += (countOf([block], name, names) - expected) ** 2 / expected;
    }
  }
  const freedom = Math.max(1, (classes - 1) * (reference.length - 1));
  return Math.max(1, squares / freedom);
}

/** Of two rows of counts. */
function gOf(a: readonly number[], b: readonly number[]): number {
  const [allA, allB] = [total(a), total(b)];
  let sum = 0;
  for (const [i, inA] of a.entries()) {
    const inB = b[i] ?? 0;
    const share = (inA + inB) / (allA + allB);
    if (inA > 0) sum += inA * Math.log(inA / (share * allA));
    if (inB > 0) sum += inB * Math.log(inB / (share * allB));
  }
  return 2 * sum;
}

/** What χ² exceeds with a chance of 10⁻⁵ (Wilson & Hilferty, 1931; a tenth too high with one degree of freedom). */
function chiSquared(freedom: number): number {
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + DEVIATE * Math.sqrt(part)) ** 3;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
