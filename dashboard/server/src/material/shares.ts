/**
 * The mixing model: whatever lies in one place is mixed perfectly, so what is taken out of it takes of every source lot
 * in proportion to what is there. Whole grams, the rest by largest remainder (ties: the lot whose name comes first).
 */
import { SHARES_MAX, type Share } from '@trame/protocol/material/move';

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
  const ordered = [...contents].sort((a, b) => b.grams - a.grams || (a.lot < b.lot ? -1 : 1));
  const largest = ordered.slice(0, SHARES_MAX);
  const total = sum(largest);
  if (grams > total) throw new Error(`more than ${SHARES_MAX} source lots hold what is to be taken`);
  const parts = largest.map(({ lot, grams: held }) => {
    const exact = BigInt(held) * BigInt(grams);
    return { lot, held, grams: Number(exact / BigInt(total)), rest: exact % BigInt(total) };
  });
  let left = grams - parts.reduce((taken, part) => taken + part.grams, 0);
  const byRest = [...parts].sort((a, b) =>
    a.rest === b.rest ? (a.lot < b.lot ? -1 : 1) : a.rest > b.rest ? -1 : 1,
  );
  for (const part of byRest) {
    if (left === 0) break;
    if (part.grams < part.held) {
      part.grams += 1;
      left -= 1;
    }
  }
  if (left !== 0) throw new Error(`${left} g found no lot to be taken from`);
  return parts.filter((part) => part.grams > 0).map((part) => ({ lot: part.lot, grams: part.grams }));
}

/** @returns the same lots, joined. */
export function joinShares(...all: readonly (readonly Share[])[]): Share[] {
  const joined = new Map<string, number>();
  for (const { lot, grams } of all.flat()) joined.set(lot, (joined.get(lot) ?? 0) + grams);
  return [...joined].map(([lot, grams]) => ({ lot, grams }));
}
