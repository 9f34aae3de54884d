/**
 * The mixing model: whatever lies in one place is mixed perfectly, so what is taken out of it takes of every source lot
 * in proportion to what is there. Whole grams, the rest by largest remainder (ties: the lot whose name comes first).
 */
import { SHARES_MAX, type Move, type Share } from '@trame/protocol/material/move';

export function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { grams }) => total + grams, 0);
}

/**
 * @param contents what is there; grams above 0.
 * @param grams to take; at most what is there.
 * @returns at most {@link SHARES_MAX} shares that sum to `grams`, none above what is there of its lot. When more lots
 * are there, the largest that hold enough are taken from.
 * @throws when more is to be taken than there is.
 */
export function takeShares(contents: readonly Share[], grams: number): Share[] {
  const there = sum(contents);
  if (grams > there) throw new Error(`${grams} g cannot be taken from ${there} g`);
  if (grams <= 0) return [];
  const largest = byWeight(contents).slice(0, SHARES_MAX);
  if (grams > sum(largest)) throw new Error(`more than ${SHARES_MAX} source lots hold what is to be taken`);
  return shareOut(largest, grams);
}

/**
 * @param weights above 0; not empty unless `grams` is 0.
 * @returns `grams` shared out in proportion to the weights, whatever they sum to; shares of 0 are left out.
 */
export function shareOut(weights: readonly Share[], grams: number): Share[] {
  const total = weights.reduce((all, { grams: weight }) => all + BigInt(weight), 0n);
  if (total === 0n && grams > 0) throw new Error(`${grams} g have nobody to be shared out among`);
  const parts = byWeight(weights).map(({ lot, grams: weight }) => {
    const exact = BigInt(weight) * BigInt(grams);
    return { lot, grams: Number(exact / total), rest: exact % total };
  });
  const left = grams - parts.reduce((taken, part) => taken + part.grams, 0);
  const byRest = [...parts].sort((a, b) =>
    a.rest === b.rest ? (a.lot < b.lot ? -1 : 1) : a.rest > b.rest ? -1 : 1,
  );
  // Fewer grams are left than there are parts with a rest.
  for (const part of byRest.slice(0, left)) part.grams += 1;
  return parts.filter((part) => part.grams > 0).map((part) => ({ lot: part.lot, grams: part.grams }));
}

function byWeight(shares: readonly Share[]): Share[] {
  return [...shares].sort((a, b) => b.grams - a.grams || (a.lot < b.lot ? -1 : 1));
}

/** @returns the same lots, joined. */
export function joinShares(...all: readonly (readonly Share[])[]): Share[] {
  const joined = new Map<string, number>();
  for (const { lot, grams } of all.flat()) joined.set(lot, (joined.get(lot) ?? 0) + grams);
  return [...joined].map(([lot, grams]) => ({ lot, grams }));
}

/** @returns what `contents` hold without `taken`; nothing falls below 0. */
export function withoutShares(contents: readonly Share[], taken: readonly Share[]): Share[] {
  const left = new Map(joinShares(contents).map(({ lot, grams }) => [lot, grams]));
  for (const { lot, grams } of taken) left.set(lot, (left.get(lot) ?? 0) - grams);
  return [...left].map(([lot, grams]) => ({ lot, grams })).filter(({ grams }) => grams > 0);
}

/** @returns the movements that carry these shares, at most {@link SHARES_MAX} in each; none when there are none. */
export function movesOfShares(from: string, to: string, shares: readonly Share[]): Move[] {
  const moves: Move[] = [];
  for (let first = 0; first < shares.length; first += SHARES_MAX) {
    moves.push({ from, to, shares: shares.slice(first, first + SHARES_MAX) });
  }
  return moves;
}

/**
 * @param contents what `from` holds.
 * @param grams to move; at most what is there.
 * @returns movements that sum to `grams`. Where so much is taken that the {@link SHARES_MAX} largest lots do not hold
 * it, all of these go, and the rest is taken of the smaller ones.
 */
export function takeMoves(from: string, to: string, contents: readonly Share[], grams: number): Move[] {
  const moves: Move[] = [];
  let there = byWeight(contents);
  let left = grams;
  while (left > 0) {
    const largest = there.slice(0, SHARES_MAX);
    if (largest.length === 0) throw new Error(`${grams} g cannot be taken from ${sum(contents)} g`);
    const now = Math.min(left, sum(largest));
    moves.push(...movesOfShares(from, to, takeShares(largest, now)));
    left -= now;
    there = there.slice(SHARES_MAX);
  }
  return moves;
}
