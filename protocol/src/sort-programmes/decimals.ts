/** Places that are kept: far finer than any reading, far coarser than what adding up binary fractions leaves. */
const SCALE = 1e9;
/** Beyond it the last places of a number are no longer those that somebody wrote. */
const LARGEST = 1e6;

/**
 * A sum of decimals as people write them: 33.3 + 33.3 + 33.4 is 100, so a label that says so is not under a limit of
 * 100 by a bit of rounding. Numbers beyond a million are left as they are.
 */
export function asWritten(sum: number): number {
  return Math.abs(sum) <= LARGEST ? Math.round(sum * SCALE) / SCALE : sum;
}
