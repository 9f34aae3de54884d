/**
 * Taux d'erreur de tri: misplaced over sampled grams, with an interval of 95 %. Pure.
 *
 * What is misplaced is pieces, of unequal mass. A ratio of grams is as uncertain as a share of `grams / (mean · (1 + c²))`
 * equal pieces, c the variation of their mass (Kish 1965, 11.7). Audits of one outlet may differ by more than pieces do (another
 * lot, another day): their spread about the ratio (Cochran 1977, 6.4 and 9A) over what pieces explain is a design effect that
 * makes fewer of them. Few audits tell little about it: it is drawn towards 1 by {@link PRIOR_FREEDOM} degrees of freedom (Smyth
 * 2004), and those that remain are made up for by Student's t. The interval is Clopper and Pearson's (1934) at that number of
 * pieces, as Korn and Graubard (1998) have it for samples of this kind: it holds for small shares, where others do not, and is
 * never narrower than what pieces alone allow.
 */
import type { SortingError } from '@trame/protocol/classification/classification-answers';
import { ASSUMED_PIECE_G, ASSUMED_PIECE_VARIATION } from '@trame/protocol/classification/composition-names';
import { betaQuantile, studentT95 } from './beta-distribution.ts';

/** One audit, grams. */
export interface AuditSample {
  readonly sampledGrams: number;
  readonly misplacedGrams: number;
}

/** Grams that tell as much of a share as one piece would if all were of one mass. */
export const GRAMS_PER_EFFECTIVE_PIECE = ASSUMED_PIECE_G * (1 + ASSUMED_PIECE_VARIATION ** 2);

/** So many degrees of freedom it is worth that audits were found to differ as pieces do. */
const PRIOR_FREEDOM = 4;
/** Half of what is left out on either side. */
const TAIL = 0.025;
/** Of the normal distribution, 95 %. */
const Z95 = 1.959963984540054;

/** @returns null: nothing was sampled. */
export function sortingError(samples: readonly AuditSample[]): SortingError | null {
  const sampledGrams = samples.reduce((sum, one) => sum + one.sampledGrams, 0);
  const misplacedGrams = samples.reduce((sum, one) => sum + one.misplacedGrams, 0);
  if (sampledGrams <= 0) return null;
  const percent = (100 * misplacedGrams) / sampledGrams;
  const { low, high } = shareInterval(misplacedGrams / sampledGrams, effectivePieces(samples));
  return {
    audits: samples.length,
    sampledGrams,
    misplacedGrams,
    percent,
    lowPercent: Math.min(percent, 100 * low),
    highPercent: Math.max(percent, 100 * high),
  };
}

/**
 * @param share 0…1, as it was found. @param pieces effective, above 0; not necessarily whole.
 * @returns limits of 95 %, 0…1; the share is between them.
 */
export function shareInterval(
  share: number,
  pieces: number,
): { readonly low: number; readonly high: number } {
  const found = share * pieces;
  return {
    low: share <= 0 ? 0 : Math.min(share, betaQuantile(found, pieces - found + 1, TAIL)),
    high: share >= 1 ? 1 : Math.max(share, betaQuantile(found + 1, pieces - found, 1 - TAIL)),
  };
}

/** @returns what a gram of the samples is worth of one that tells as pieces do, above 0, up to 1; 1 of nothing. */
export function gramWorth(samples: readonly AuditSample[]): number {
  const sampled = samples.reduce((sum, one) => sum + one.sampledGrams, 0);
  return sampled <= 0 ? 1 : (effectivePieces(samples) * GRAMS_PER_EFFECTIVE_PIECE) / sampled;
}

/** @returns as how many equal pieces, each drawn by itself, the samples count together. */
export function effectivePieces(samples: readonly AuditSample[]): number {
  const told = samples.filter(({ sampledGrams }) => sampledGrams > 0);
  const sampled = told.reduce((sum, one) => sum + one.sampledGrams, 0);
  const share = told.reduce((sum, one) => sum + one.misplacedGrams, 0) / sampled;
  const pieces = sampled / GRAMS_PER_EFFECTIVE_PIECE;
  const expected = share * (1 - share);
  if (told.length < 2 || expected <= 0) return pieces;
  const spread = told.reduce((sum, { sampledGrams, misplacedGrams }) => {
    const off = misplacedGrams - share * sampledGrams;
    return sum + off ** 2 / (sampledGrams * GRAMS_PER_EFFECTIVE_PIECE * expected);
  }, 0);
  const freedom = PRIOR_FREEDOM + told.length - 1;
  const designEffect = (PRIOR_FREEDOM + spread) / freedom;
  return Math.min(pieces, (pieces / designEffect) * (Z95 / studentT95(freedom)) ** 2);
}
