/**
 * Believing a total only when it is said twice. One false reading (two halves of a counter from two moments, a
 * device that starts) must neither add tonnes nor look like a counter that went back; the next reading tells.
 */

/** A reading that nothing has confirmed yet. */
export interface Candidate {
  readonly grams: bigint;
  /** Monotonic ms. */
  readonly atMs: number;
}

export interface ConfirmStep {
  readonly candidate: Candidate;
  /** The total to count, grams; null: nothing is sure yet. */
  readonly confirmed: bigint | null;
}

/**
 * A total that is told on change alone is confirmed by standing this long, ms. Polled totals are confirmed by
 * the next poll and by nothing else.
 */
export const CONFIRMED_BY_STANDING_MS = 900;

/**
 * Two readings agree when both say that the total fell, or neither does; the lower of the two is then sure, for a
 * total only grows.
 * @param fallenBelowGrams a reading below it says that the total fell; null: nothing was counted yet.
 */
export function confirmTotal(
  before: Candidate | null,
  reading: Candidate,
  fallenBelowGrams: bigint | null,
): ConfirmStep {
  if (before === null) return { candidate: reading, confirmed: null };
  const isPast = (grams: bigint) => fallenBelowGrams === null || grams >= fallenBelowGrams;
  const agree = isPast(before.grams) === isPast(reading.grams);
  const lower = before.grams < reading.grams ? before.grams : reading.grams;
  return { candidate: reading, confirmed: agree ? lower : null };
}

/** @returns whether a total told on change alone has stood long enough. */
export function hasStood(candidate: Candidate, nowMs: number): boolean {
  return nowMs - candidate.atMs >= CONFIRMED_BY_STANDING_MS;
}
