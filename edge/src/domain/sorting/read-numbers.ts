/** The numbers by which a station counts its reads: UInt32, they wrap. Pure. */

/**
 * Further ahead than this no station counts while its line is away: 14 hours of 20 results a second. In the other direction the
 * numbers wrap, and everything beyond counts as behind.
 */
export const FAR_AHEAD = 1_000_000;

export const UINT32 = 2 ** 32;

/** @returns the number `by` results after another. */
export function after(seq: number, by: number): number {
  return (seq + by) % UINT32;
}

/** @returns how many results one number is after another, 0 to 2³² − 1. */
export function distance(from: number, to: number): number {
  return (to - from + UINT32) % UINT32;
}

/**
 * What the station read while nobody asked it. One that counts lower than it did was started anew, and what it read then nobody can
 * tell; one that was, and has come further than before by now, read this many at least.
 * @param last the greatest number that is known of it; null: none is.
 * @param seq the number that it tells first now.
 * @returns how many in a row, up to `seq`.
 */
export function readUnasked(last: number | null, seq: number): number {
  if (last === null) return 0;
  const ahead = distance(last, seq);
  return ahead <= FAR_AHEAD ? ahead : 0;
}
