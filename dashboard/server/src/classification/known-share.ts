/** Shares of fibres with their standard errors, before they are rounded. Pure. */
import type { EstimatedShare } from '@trame/protocol/classification/classification-answers';
import { RECOGNISED_FIBRES, type RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import { meanComposition } from '@trame/protocol/classification/mean-composition';
import { inProportion } from '../genealogy/proportion.ts';

export interface KnownShare {
  readonly fibre: RecognisedFibre;
  /** Of the dry mass. */
  readonly percent: number;
  /** Standard error. */
  readonly errorPoints: number;
}

/** @returns how far from a share another can be, points. */
export function farthestShare(percent: number): number {
  return Math.max(percent, 100 - percent);
}

/** @param weight of all, of any unit; nothing: it takes no part. */
export interface WeighedShares {
  readonly weight: number;
  readonly shares: readonly KnownShare[];
}

/**
 * Heaps put together: shares by mass, and the errors as those of independent estimates. What has no shares, or weighs nothing,
 * is taken for like the rest.
 */
export function mixedShares(heaps: readonly WeighedShares[]): readonly KnownShare[] {
  const known = heaps.filter(({ weight, shares }) => weight > 0 && shares.length > 0);
  const [only, another] = known;
  if (only === undefined || another === undefined) return only?.shares ?? [];
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  return RECOGNISED_FIBRES.flatMap((fibre): KnownShare[] => {
    let [percent, variance] = [0, 0];
    let isThere = false;
    for (const { weight, shares } of known) {
      const share = shares.find((one) => one.fibre === fibre);
      if (share === undefined) continue;
      isThere = true;
      percent += (weight / total) * share.percent;
      variance += ((weight / total) * share.errorPoints) ** 2;
    }
    return isThere ? [{ fibre, percent, errorPoints: Math.sqrt(variance) }] : [];
  });
}

const ERROR_MAX_POINTS = 100;

/** @returns shares in hundredths that add up to exactly 100, largest first, and whole grams that add up to all of them. */
export function estimatedShares(shares: readonly KnownShare[], grams: number | null): EstimatedShare[] {
  const percents = meanComposition(Object.fromEntries(shares.map(({ fibre, percent }) => [fibre, percent])));
  const parts =
    grams === null
      ? null
      : inProportion(
          percents.map(({ percent }) => Math.round(percent * 100) * grams),
          percents.length === 0 ? 0 : grams,
        );
  return percents.map(({ fibre, percent }, index) => {
    const exact = shares.find((share) => share.fibre === fibre)?.errorPoints ?? 0;
    // An error that is rounded to nothing would say that there is none.
    const errorPoints = Math.min(ERROR_MAX_POINTS, Math.ceil(exact * 100) / 100);
    return {
      fibre,
      percent,
      errorPoints,
      grams: parts?.[index] ?? null,
      errorGrams: grams === null ? null : Math.ceil((grams * errorPoints) / 100),
    };
  });
}
