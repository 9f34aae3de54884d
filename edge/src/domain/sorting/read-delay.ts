/**
 * Which reads came so late that their piece has passed its gate. A station's clock is not ours, so what is told is how much longer a
 * read was on its way than the quickest one: also of reads that come one by one after the line was away, or after this program
 * stood still. Pure.
 */

/** A piece whose read was so much longer on its way than others has passed its gate, ms. */
export const PASSED_AFTER_MS = 2000;
/** Clocks run apart by less than this, ms in a second: what was quickest is forgotten at this pace. */
const DRIFT_MS_PER_S = 1;
/** Reads that come late for so long come from a clock that was set back, ms. */
export const SET_BACK_AFTER_MS = 30_000;
const MS_PER_SECOND = 1000;

export interface ReadDelay {
  /** The station's clock less ours, by the quickest read; null: it says no time. */
  readonly aheadMs: number | null;
  /** Of the last reads, monotonic ms. */
  readonly atMs: number;
  /** Since when all came late, monotonic ms; null: the last ones did not. */
  readonly lateSinceMs: number | null;
}

export const NO_DELAY: ReadDelay = { aheadMs: null, atMs: 0, lateSinceMs: null };

/**
 * @param readAtMs when the station read what comes now together, by its own clock; null: it does not say.
 * @param nowMs monotonic.
 */
export function withReads(state: ReadDelay, readAtMs: readonly (number | null)[], nowMs: number): ReadDelay {
  const latestMs = readAtMs.reduce<number>((latest, each) => Math.max(latest, each ?? -Infinity), -Infinity);
  if (latestMs === -Infinity) return state;
  const here = latestMs - nowMs;
  const before = remembered(state, nowMs);
  if (here >= before - PASSED_AFTER_MS) {
    return { aheadMs: Math.max(here, before), atMs: nowMs, lateSinceMs: null };
  }
  const lateSinceMs = state.lateSinceMs ?? nowMs;
  if (nowMs - lateSinceMs >= SET_BACK_AFTER_MS) return { aheadMs: here, atMs: nowMs, lateSinceMs: null };
  return { aheadMs: before, atMs: nowMs, lateSinceMs };
}

/** @returns false where the station says no time. */
export function hasPassed({ aheadMs, atMs }: ReadDelay, readAtMs: number | null): boolean {
  return aheadMs !== null && readAtMs !== null && readAtMs < atMs + aheadMs - PASSED_AFTER_MS;
}

function remembered({ aheadMs, atMs }: ReadDelay, nowMs: number): number {
  return aheadMs === null ? -Infinity : aheadMs - ((nowMs - atMs) / MS_PER_SECOND) * DRIFT_MS_PER_S;
}
