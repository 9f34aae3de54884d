/** History points as columns for a chart and rows for a table. */
import type { HistoryPoint } from '@trame/protocol/dashboard-api';
import type { TrendWindow } from './trend-window.ts';

export interface TrendColumns {
  /** Bucket starts, ms since 1970 UTC, one for every bucket of the window. */
  readonly times: readonly number[];
  /** Mean of each bucket; null where there is none, so that the line is broken there. */
  readonly values: readonly (number | null)[];
}

/**
 * @returns one entry per bucket of the window up to `nowMs`. A bucket without a good value is a gap: nothing is
 * drawn across it.
 */
export function trendColumns(
  points: readonly HistoryPoint[],
  window: TrendWindow,
  nowMs: number,
): TrendColumns {
  const byBucket = new Map(points.map((point) => [bucketOf(point.t, window), point.value]));
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (let t = bucketOf(window.fromMs, window); t < window.toMs && t <= nowMs; t += window.everyMs) {
    times.push(t);
    values.push(byBucket.get(t) ?? null);
  }
  return { times, values };
}

export interface TrendSummary {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** @returns figures of the good buckets, or null when there is none. */
export function trendSummary(points: readonly HistoryPoint[]): TrendSummary | null {
  const known = points.filter((point) => point.value !== null);
  if (known.length === 0) return null;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { value, min: low, max: high } of known) {
    if (value === null) continue;
    sum += value;
    min = Math.min(min, low ?? value);
    max = Math.max(max, high ?? value);
  }
  return { mean: sum / known.length, min, max };
}

/** @returns the points of the window, the newest first, one for each bucket. */
export function tableRows(points: readonly HistoryPoint[], window: TrendWindow): readonly HistoryPoint[] {
  const byBucket = new Map(points.map((point) => [bucketOf(point.t, window), point]));
  return [...byBucket.entries()].sort(([a], [b]) => b - a).map(([t, point]) => ({ ...point, t }));
}

function bucketOf(t: number, window: TrendWindow): number {
  return Math.floor(t / window.everyMs) * window.everyMs;
}
