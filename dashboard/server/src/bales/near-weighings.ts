/** Which weighing is that of which bale of a press: pure. */

/** A bale goes to the scale within so long; one that was weighed so little before it was told is the same, ms. */
export const WEIGHED_AFTER_MS = 15 * 60_000;
export const WEIGHED_BEFORE_MS = 2 * 60_000;

interface Moment {
  readonly id: string;
  readonly at: number;
}

/**
 * Pairs the nearest first; each weighing belongs to one bale at most.
 * @param fits whether that weighing may be of that bale, times aside.
 * @returns weighings by the id of the bale.
 */
export function nearWeighings<Bale extends Moment, Weighing extends Moment>(
  bales: readonly Bale[],
  weighings: readonly Weighing[],
  fits: (bale: Bale, weighing: Weighing) => boolean,
): ReadonlyMap<string, Weighing> {
  const pairs = bales.flatMap((bale) =>
    weighings
      .filter((weighing) => isNear(weighing.at - bale.at) && fits(bale, weighing))
      .map((weighing) => ({ bale, weighing, distanceMs: Math.abs(weighing.at - bale.at) })),
  );
  pairs.sort((one, other) => one.distanceMs - other.distanceMs || one.bale.at - other.bale.at);
  const found = new Map<string, Weighing>();
  const taken = new Set<string>();
  for (const { bale, weighing } of pairs) {
    if (found.has(bale.id) || taken.has(weighing.id)) continue;
    found.set(bale.id, weighing);
    taken.add(weighing.id);
  }
  return found;
}

function isNear(afterMs: number): boolean {
  return afterMs >= -WEIGHED_BEFORE_MS && afterMs <= WEIGHED_AFTER_MS;
}
