/** Throughput from a growing count, over a sliding window of monotonic time. */

export interface RatePoint {
  /** Monotonic ms. */
  readonly atMs: number;
  readonly grams: bigint;
}

/** Oldest first. Bounded: two points each {@link RATE_STEP_MS} for {@link RATE_WINDOW_MS}, and one before. */
export type RateWindow = readonly RatePoint[];

export const RATE_WINDOW_MS = 60_000;
/** A point replaces the last one when the one before that is closer than this. */
export const RATE_STEP_MS = 500;
/** Under this much history there is no rate yet, ms. */
export const RATE_SPAN_MIN_MS = 5000;

const MS_PER_HOUR = 3_600_000;
const GRAMS_PER_KG = 1000;

/** Adds a point; forgets those that the window no longer needs. */
export function pushPoint(window: RateWindow, point: RatePoint): RateWindow {
  const before = window.at(-2);
  const kept = before !== undefined && point.atMs - before.atMs < RATE_STEP_MS ? window.slice(0, -1) : window;
  const from = kept.findLastIndex((old) => old.atMs <= point.atMs - RATE_WINDOW_MS);
  return [...(from > 0 ? kept.slice(from) : kept), point];
}

/** @returns kg/h at the window's last point, one decimal; null while there is too little history. */
export function rateKgPerHour(window: RateWindow): number | null {
  const last = window.at(-1);
  const first = window[0];
  if (last === undefined || first === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  if (spanMs < RATE_SPAN_MIN_MS) return null;
  const kg = Number(last.grams - first.grams) / GRAMS_PER_KG;
  return Math.round((kg / spanMs) * MS_PER_HOUR * 10) / 10;
}
