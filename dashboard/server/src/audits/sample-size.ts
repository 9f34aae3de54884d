/** How much of an outlet to sample for an interval of ± so many points. Pure. */
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import { GRAMS_PER_EFFECTIVE_PIECE, shareInterval } from './error-interval.ts';

/** More pieces than any outlet has in a month; one kilogram in a million is told apart by them. */
const PIECES_MAX = 1e7;

export interface SampleAsked {
  /** Share of misplaced that is expected, 0…1. */
  readonly share: number;
  /** Half width of the interval of 95 % on its wider side, 0…1; above 0. */
  readonly margin: number;
  /** What falls into the outlet in the month. */
  readonly outletGrams: number;
  /** What a gram looked through is worth, of one that tells as pieces do, 0…1, above 0: audits that differ, or are few, tell less. */
  readonly worth?: number;
}

/**
 * By the interval that is shown of audits, which takes the outlet for a heap without end: what falls into it is known only once it
 * was pressed and weighed, and compositions of single bales rest on the error too. What is planned is therefore never too little.
 * @returns grams, whole pieces of the assumed mass; never more than the outlet has, even where all of it does not narrow the
 * interval to the margin.
 */
export function sampleGrams({ share, margin, outletGrams, worth = 1 }: SampleAsked): number {
  if (outletGrams <= 0) return 0;
  const needed = (piecesFor(share, margin) * GRAMS_PER_EFFECTIVE_PIECE) / worth;
  return Math.min(outletGrams, Math.ceil(needed / ASSUMED_PIECE_G) * ASSUMED_PIECE_G);
}

/** @returns effective pieces of a heap without end. */
function piecesFor(share: number, margin: number): number {
  let tooFew = 0;
  let enough = 1;
  while (enough < PIECES_MAX && isWider(share, enough, margin)) {
    tooFew = enough;
    enough *= 2;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isWider(share, middle, margin)) tooFew = middle;
    else enough = middle;
  }
  return enough;
}

function isWider(share: number, pieces: number, margin: number): boolean {
  const { low, high } = shareInterval(share, pieces);
  return Math.max(high - share, share - low) > margin;
}
