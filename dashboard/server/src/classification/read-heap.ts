/**
 * What a heap is made of whose pieces were read one by one, and how well that is known. Pure.
 *
 * Of N pieces in the heap m were read, and n of these have a composition. The share of a fibre is p = Σ pᵢ/n, and its standard
 * error
 *
 *     se² = (1 − n/N)·T + (n/N)·W + b² + ((1 − n/m)·D)²
 *     T = q·(100 − q)/(n − 1), q = (n·p + 200)/(n + 4)     pieces that nobody read, taken for like the rest
 *     W = c²·p·(100 − p)/n                                 pieces weigh differently, and nobody weighed them
 *     b                                                    the error of the readings
 *     D = max(p, 100 − p)                                  pieces whose reading was refused
 *
 * T is the variance of a mean in sampling without replacement (Cochran, Sampling Techniques, 3rd ed. 1977, eq. 2.20) and W
 * that of a mean with unequal weights whose standard deviation over mean is c. What is kept of pieces are means by minute, not how they
 * spread. So the spread is taken for the largest that a share can have, p·(100 − p): of pieces that are all of a fibre or none of
 * it. The q of Agresti and Coull (The American Statistician 52, 1998) keeps T from saying that nothing else can be among
 * those that nobody read because nothing else was read. The readings may all be wrong by as much in the same direction,
 * as all are made by one model: their error is no smaller for many pieces than for one. Whether a reading is refused depends on
 * what the piece is made of, so those that were refused are no sample of the others, and may be as far from p as a share can
 * be. What a reading cannot see, such as the lining of a coat, is in none of it.
 */
import { ASSUMED_PIECE_VARIATION } from '@trame/protocol/classification/composition-names';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import type { HeapSums } from './heap-sums.ts';
import { farthestShare, type KnownShare } from './known-share.ts';

/** Largest standard deviation that a share can have, points. */
const SPREAD_MAX_POINTS = 50;
/** Pieces by which q is drawn to one half. */
const DRAWN_PIECES = 4;

/**
 * @param heapPieces as many as the heap has; no fewer than were read.
 * @returns shares that add up to 100; none when no piece has a composition.
 */
export function sharesOfRead(
  { pieces, described, shares, errorPoints }: HeapSums,
  heapPieces: number,
): KnownShare[] {
  const total = RECOGNISED_FIBRES.reduce((sum, fibre) => sum + (shares[fibre] ?? 0), 0);
  if (described === 0 || !(total > 0)) return [];
  const refused = 1 - described / Math.max(pieces, described);
  return RECOGNISED_FIBRES.flatMap((fibre): KnownShare[] => {
    const sum = shares[fibre] ?? 0;
    if (sum <= 0) return [];
    const percent = (100 * sum) / total;
    const variance = varianceOf(percent, described, Math.max(heapPieces, described));
    const bias = refused * farthestShare(percent);
    return [{ fibre, percent, errorPoints: Math.sqrt(variance + errorPoints ** 2 + bias ** 2) }];
  });
}

/** As the head of this file has it, without the readings' error and what was refused; points². */
function varianceOf(percent: number, described: number, pieces: number): number {
  const read = described / pieces;
  const drawn = (described * percent + 100 * (DRAWN_PIECES / 2)) / (described + DRAWN_PIECES);
  const unread = described > 1 ? (drawn * (100 - drawn)) / (described - 1) : SPREAD_MAX_POINTS ** 2;
  // A single piece that is the whole heap has no other weight to differ from.
  const byWeight = pieces > 1 ? (ASSUMED_PIECE_VARIATION ** 2 * percent * (100 - percent)) / described : 0;
  return (1 - read) * Math.min(SPREAD_MAX_POINTS ** 2, unread) + read * byWeight;
}
