/** Reads that were missed lately: they count as long as somebody may want to look for the reason. */

/** How long after the last one they stand, ms. */
export const MISSED_STANDS_MS = 5 * 60_000;

export interface MissedLately {
  readonly count: number;
  /** Monotonic ms. */
  readonly lastAtMs: number;
}

export const NONE_MISSED: MissedLately = { count: 0, lastAtMs: -Infinity };

/** @param count of reads that were missed now. */
export function withMissed(state: MissedLately, count: number, nowMs: number): MissedLately {
  return { count: missedLately(state, nowMs) + count, lastAtMs: nowMs };
}

/** @returns those since it was last calm; 0: it is calm. */
export function missedLately({ count, lastAtMs }: MissedLately, nowMs: number): number {
  return nowMs - lastAtMs < MISSED_STANDS_MS ? count : 0;
}
