/**
 * What a heap is made of that people sorted. That they put it into an outlet is evidence that it is what the outlet is said to be
 * made of, as good as audits of that outlet and month say: of every 100 kg, e belong elsewhere. Pure.
 *
 *     p = (1 − e)·s + e·Σ wₖ·sₖ
 *     se² = (Σ wₖ·(sₖ − s) · σ)² + (w·D)²·(e² + σ²) + a²
 *
 * s is the share that the outlet is said to have, sₖ that of the outlet where wₖ of what was misplaced belongs, σ the standard
 * error of e. The part w that belongs nobody knows where, or where nobody said what that is made of, is taken for like s, and may
 * be as far from it as a share can: D = max(s, 100 − s). Without an audit e is assumed. What is said is not measured: a is how far
 * it may be off, assumed, and no audit makes it less.
 */
import type { SortingError } from '@trame/protocol/classification/classification-answers';
import {
  ASSUMED_ERROR_PERCENT,
  ASSUMED_SAID_ERROR_POINTS,
} from '@trame/protocol/classification/composition-names';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import { farthestShare, type KnownShare } from './known-share.ts';

/** Up to which the error of an outlet that was never audited may be, with 95 %: assumed. */
export const ASSUMED_ERROR_HIGH_PERCENT = 15;
/** Half an interval of 95 % over the standard error of what is normally distributed. */
const Z95 = 1.959963984540054;

/** What audits of an outlet and month say. */
export interface Misplacing {
  /** Null: there was none. */
  readonly error: SortingError | null;
  /** Where it belongs, and what that is said to be made of; null: nobody said. */
  readonly misplaced: readonly { readonly grams: number; readonly said: Composition | null }[];
}

/** @param said what the outlet is said to be made of. @returns shares that add up to 100; none: nothing is said. */
export function sharesByHand(said: Composition | null, misplacing: Misplacing): KnownShare[] {
  const own = wholeShares(said);
  if (own === null) return [];
  const { rate, error } = errorRate(misplacing.error);
  const others = misplacing.misplaced.map(({ grams, said: other }) => ({
    grams,
    shares: wholeShares(other),
  }));
  const total = others.reduce((sum, { grams }) => sum + grams, 0);
  const known = others.flatMap(({ grams, shares }) =>
    shares === null || total <= 0 ? [] : [{ part: grams / total, shares }],
  );
  const unknown = Math.max(0, 1 - known.reduce((sum, { part }) => sum + part, 0));
  return RECOGNISED_FIBRES.flatMap((fibre): KnownShare[] => {
    const share = own[fibre] ?? 0;
    if (share === 0 && known.every(({ shares }) => (shares[fibre] ?? 0) === 0)) return [];
    const slope = known.reduce((sum, { part, shares }) => sum + part * ((shares[fibre] ?? 0) - share), 0);
    const variance =
      (slope * error) ** 2 +
      (unknown * farthestShare(share)) ** 2 * (rate ** 2 + error ** 2) +
      ASSUMED_SAID_ERROR_POINTS ** 2;
    return [{ fibre, percent: share + rate * slope, errorPoints: Math.sqrt(variance) }];
  });
}

/**
 * Shares of what a machine sorted, less well known by what audits found in that outlet: readings do not see through which
 * gate a piece fell. Where what was misplaced belongs changes nothing: part of it was misread, which the readings' error has.
 */
export function widenedByAudit(
  shares: readonly KnownShare[],
  audit: SortingError | null,
): readonly KnownShare[] {
  if (audit === null) return shares;
  const { rate, error } = errorRate(audit);
  return shares.map(({ fibre, percent, errorPoints }) => {
    const strange = farthestShare(percent) ** 2 * (rate ** 2 + error ** 2);
    return { fibre, percent, errorPoints: Math.sqrt(errorPoints ** 2 + strange) };
  });
}

/** @returns parts of one. */
function errorRate(found: SortingError | null): { readonly rate: number; readonly error: number } {
  const { percent, lowPercent, highPercent } = found ?? {
    percent: ASSUMED_ERROR_PERCENT,
    lowPercent: 0,
    highPercent: ASSUMED_ERROR_HIGH_PERCENT,
  };
  // The longer side of an interval that is not even.
  const half = Math.max(highPercent - percent, percent - lowPercent, 0);
  return { rate: percent / 100, error: half / Z95 / 100 };
}

/** @returns adding up to 100; null: nothing is said. */
function wholeShares(said: Composition | null): Composition | null {
  const shares = Object.entries(said ?? {}).filter(([, share]) => share > 0);
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  if (!(total > 0)) return null;
  return Object.fromEntries(shares.map(([fibre, share]) => [fibre, (100 * share) / total]));
}
