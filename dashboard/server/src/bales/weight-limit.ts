/** How far two weights of the same thing may lie apart before somebody should look. */

/** Scale intervals that both scales together may err by: each by its own, and the packaging by one. */
const INTERVALS = 3;
const PERCENT = 1;

/**
 * @param intervalGrams scale interval; null: not known.
 * @returns 3 intervals or 1 %, the larger.
 */
export function weightLimitGrams(netGrams: number, intervalGrams: number | null): number {
  return Math.max(INTERVALS * (intervalGrams ?? 0), Math.ceil((netGrams * PERCENT) / 100));
}
