/** What is pressed of several outputs is made of what they were, by mass. Pure. */
import type { EstimatedComposition } from '@trame/protocol/classification/classification-answers';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import { estimatedShares, type KnownShare } from './known-share.ts';

export interface JoinedPart {
  readonly composition: EstimatedComposition;
  readonly grams: number;
}

/**
 * Errors are added up as they are: one model read them all, and one table says what outlets are made of, so they may all err the
 * same way.
 */
export function joinedCompositions(parts: readonly JoinedPart[], grams: number | null): EstimatedComposition {
  const all = parts.reduce((sum, part) => sum + part.grams, 0);
  const known = parts.filter(({ composition, grams: own }) => own > 0 && composition.shares.length > 0);
  const total = known.reduce((sum, part) => sum + part.grams, 0);
  const shares = RECOGNISED_FIBRES.flatMap((fibre): KnownShare[] => {
    let [percent, errorPoints] = [0, 0];
    for (const { composition, grams: own } of known) {
      const share = composition.shares.find((one) => one.fibre === fibre);
      percent += (own / total) * (share?.percent ?? 0);
      errorPoints += (own / total) * (share?.errorPoints ?? 0);
    }
    return percent > 0 ? [{ fibre, percent, errorPoints }] : [];
  });
  const describedGramsPercent = known.reduce(
    (sum, part) => sum + part.grams * part.composition.describedPercent,
    0,
  );
  const [only, another] = parts;
  return {
    source: sourceOf(known),
    pieces: parts.reduce((sum, { composition }) => sum + composition.pieces, 0),
    described: parts.reduce((sum, { composition }) => sum + composition.described, 0),
    describedPercent: all > 0 ? Math.min(100, describedGramsPercent / all) : 0,
    shares: estimatedShares(shares, grams),
    audit: another === undefined ? (only?.composition.audit ?? null) : null,
  };
}

function sourceOf(known: readonly JoinedPart[]): EstimatedComposition['source'] {
  const [source, another] = new Set(known.map(({ composition }) => composition.source));
  return another === undefined ? (source ?? 'unknown') : 'both';
}
