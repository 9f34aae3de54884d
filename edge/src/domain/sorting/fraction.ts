/**
 * What an outlet's heap is made of, and how well that is known.
 *
 * With n pieces that have a reading, out of N that fell: piece i weighs wᵢ (Σ wᵢ = 1), has the share pᵢ of a fibre and a reading
 * whose error is eᵢ. The share of the heap is p = Σ wᵢ·pᵢ, and its standard error
 *
 *     se² = (1 − n/N)·S + (n/N)·R + W + b²
 *     S = n/(n−1) · Σ wᵢ²·(pᵢ − p)²      the spread between pieces, errors of their readings included
 *     R = Σ wᵢ²·eᵢ²                      the errors of the readings alone
 *     W = c² · S · n/N                   where weights are not known: pieces weigh as differently as c says
 *     b                                  the bias of the model, which no number of pieces takes away
 *
 * The first two are the variance of a mean in sampling of pieces without replacement, with readings as the second stage (Cochran,
 * Sampling Techniques, 3rd ed. 1977, eq. 10.15): a heap of which every piece was read is known up to the readings. They take
 * the pieces without a reading for like the others. They are not quite: what is refused is often odd, so how much of the
 * heap was described is told beside the shares. With one reading out of several pieces nothing is known of the spread: it
 * is taken for the largest that there can be, 50 points.
 */
import { RECOGNISED_FIBRES, type RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';
import { addShares, sharesOf, type Composition } from './mean-composition.ts';

/** From a T-shirt of 150 g to jeans of 600 g: standard deviation over mean of what pieces weigh. Assumed, not measured. */
export const ASSUMED_WEIGHT_VARIATION = 0.7;
/** Standard deviation of shares of which half are 0 and half 100 %, points. */
const SPREAD_MAX_POINTS = 50;

export type FractionPiece = Pick<PieceFacts, 'composition' | 'errorPoints' | 'weightG'>;

export interface FractionOptions {
  /** Root mean square of what the model is wrong by on all pieces of one kind alike, points. */
  readonly biasPoints: number;
  /** What fell, where it was weighed together; null: not known. */
  readonly kilograms: number | null;
  readonly weightVariation?: number;
}

export interface FractionShare {
  readonly fibre: RecognisedFibre;
  readonly percent: number;
  /**
   * Standard error; 95 of 100 such heaps lie within 1.96 of it, 92 where few pieces of very different weights were read. Never
   * under the bias of the model.
   */
  readonly errorPoints: number;
  /** Null: the heap was not weighed. */
  readonly kilograms: number | null;
  readonly errorKilograms: number | null;
}

export interface Fraction {
  readonly pieces: number;
  /** Those with a composition. */
  readonly described: number;
  /** Of the mass, or of the pieces where not all weights are known; 0…100. */
  readonly describedPercent: number;
  /** `mass`: every described piece was weighed. `count`: each piece counts the same. */
  readonly basis: 'mass' | 'count';
  /** Largest first; empty: nothing is known. */
  readonly shares: readonly FractionShare[];
}

interface Weighed {
  readonly shares: Composition;
  readonly error: number;
  /** Of all described ones, adding up to 1. */
  readonly weight: number;
}

export function fractionOf(pieces: readonly FractionPiece[], options: FractionOptions): Fraction {
  const described = pieces.flatMap((piece) => {
    const shares = sharesOf(piece);
    return shares === null ? [] : [{ piece, shares }];
  });
  const areWeighed = described.length > 0 && described.every(({ piece }) => grams(piece) !== null);
  const total = areWeighed
    ? described.reduce((sum, { piece }) => sum + (grams(piece) ?? 0), 0)
    : described.length;
  const weighed = described.map(({ piece, shares }) => ({
    shares,
    error: piece.errorPoints,
    weight: (areWeighed ? (grams(piece) ?? 0) : 1) / total,
  }));
  return {
    pieces: pieces.length,
    described: described.length,
    describedPercent: describedPercent(pieces, described.length, total, areWeighed),
    basis: areWeighed ? 'mass' : 'count',
    shares: sharesOfHeap(weighed, pieces.length, areWeighed, options),
  };
}

function sharesOfHeap(
  weighed: readonly Weighed[],
  pieces: number,
  areWeighed: boolean,
  { biasPoints, kilograms, weightVariation = ASSUMED_WEIGHT_VARIATION }: FractionOptions,
): FractionShare[] {
  const means = weighed.reduce<Composition>(
    (sums, { shares, weight }) => addShares(sums, shares, weight),
    {},
  );
  const variation = areWeighed ? 0 : weightVariation;
  return RECOGNISED_FIBRES.flatMap((fibre): FractionShare[] => {
    const percent = means[fibre];
    if (percent === undefined) return [];
    const variance = varianceOf(weighed, pieces, variation, (one) => (one.shares[fibre] ?? 0) - percent);
    const errorPoints = Math.sqrt(variance + biasPoints ** 2);
    const kilogramsAPoint = kilograms === null ? null : kilograms / 100;
    return [
      {
        fibre,
        percent,
        errorPoints,
        kilograms: kilogramsAPoint === null ? null : kilogramsAPoint * percent,
        errorKilograms: kilogramsAPoint === null ? null : kilogramsAPoint * errorPoints,
      },
    ];
  }).toSorted((a, b) => b.percent - a.percent);
}

/** As the head of this file has it, without the bias; points². */
function varianceOf(
  weighed: readonly Weighed[],
  pieces: number,
  variation: number,
  offMean: (one: Weighed) => number,
): number {
  const n = weighed.length;
  const read = n / pieces;
  let [squares, readings] = [0, 0];
  for (const one of weighed) {
    squares += (one.weight * offMean(one)) ** 2;
    readings += (one.weight * one.error) ** 2;
  }
  const spread = n > 1 ? (n / (n - 1)) * squares : SPREAD_MAX_POINTS ** 2;
  // A single piece that is the whole heap has no other weight to differ from.
  const byWeight = n > 1 ? variation ** 2 * spread * read : 0;
  return (1 - read) * spread + read * readings + byWeight;
}

function describedPercent(
  pieces: readonly FractionPiece[],
  described: number,
  grammes: number,
  areWeighed: boolean,
): number {
  if (pieces.length === 0) return 0;
  const weights = pieces.map(grams);
  if (!areWeighed || weights.includes(null)) return (100 * described) / pieces.length;
  return (100 * grammes) / weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
}

/** @returns null: not known, or no weight. */
function grams({ weightG }: FractionPiece): number | null {
  return weightG !== null && Number.isFinite(weightG) && weightG > 0 ? weightG : null;
}
