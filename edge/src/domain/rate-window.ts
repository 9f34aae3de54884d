/** Throughput from a growing count, over a sliding window of monotonic time. */

export interface RatePoint {
  /** Monotonic ms. */
  readonly atMs: number;
  readonly grams: bigint;
}

/** Oldest first. Bounded: two points each `stepMs` for `windowMs`, and one before. */
export type RateWindow = readonly RatePoint[];

export interface RateSpan {
  /** How far back the rate looks, ms. */
  readonly windowMs: number;
  /** A point replaces the last one when the one before that is closer than this, ms. */
  readonly stepMs: number;
  /** Under this much history there is no rate yet, ms. */
  readonly minMs: number;
}

/** What falls piece by piece. */
export const STEADY_SPAN: RateSpan = { windowMs: 60_000, stepMs: 500, minMs: 5000 };
/** What comes cage by cage, minutes apart: over a minute it would be nothing or far too much. */
export const BATCH_SPAN: RateSpan = { windowMs: 15 * 60_000, stepMs: 5000, minMs: 60_000 };

const MS_PER_HOUR = 3_600_000;
const GRAMS_PER_KG = 1000;

/** Adds a point; forgets those that the window no longer needs. */
export function pushPoint(window: RateWindow, point: RatePoint, span: RateSpan): RateWindow {
  const before = window.at(-2);
  const kept = before !== undefined && point.atMs - before.atMs < span.stepMs ? window.slice(0, -1) : window;
  const from = kept.findLastIndex((old) => old.atMs <= point.atMs - span.windowMs);
  return [...(from > 0 ? kept.slice(from) : kept), point];
}

/** @returns kg/h at the window's last point, one decimal; null while there is too little history. */
export function rateKgPerHour(window: RateWindow, span: RateSpan): number | null {
  const last = window.at(-1);
  const first = window[0];
  if (last === undefined || first === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  if (spanMs < span.minMs) return null;
  const kg = Number(last.grams - first.grams) / GRAMS_PER_KG;
  return Math.round((kg / spanMs) * MS_PER_HOUR * 10) / 10;
}
