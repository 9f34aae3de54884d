/** Which span of time a trend shows, and how buttons move it. */

export const PERIODS = ['1h', '4h', '8h', '24h', '7j', '30j'] as const;
export type Period = (typeof PERIODS)[number];

/** One shift. */
export const DEFAULT_PERIOD: Period = '8h';

interface Span {
  readonly lengthMs: number;
  /** Bucket asked of the history. */
  readonly every: string;
  readonly everyMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Buckets are those that the history keeps ready (raw, minute, hour), so that no period is slow to draw. */
const SPANS: Readonly<Record<Period, Span>> = {
  '1h': { lengthMs: HOUR_MS, every: '10s', everyMs: 10_000 },
  '4h': { lengthMs: 4 * HOUR_MS, every: '1min', everyMs: MINUTE_MS },
  '8h': { lengthMs: 8 * HOUR_MS, every: '1min', everyMs: MINUTE_MS },
  '24h': { lengthMs: DAY_MS, every: '5min', everyMs: 5 * MINUTE_MS },
  '7j': { lengthMs: 7 * DAY_MS, every: '1h', everyMs: HOUR_MS },
  '30j': { lengthMs: 30 * DAY_MS, every: '1h', everyMs: HOUR_MS },
};

export interface TrendWindow {
  /** ms since 1970 UTC, a whole number of buckets. */
  readonly fromMs: number;
  /** Excluded; lies after the present while the window follows it, so that the running bucket is in. */
  readonly toMs: number;
  readonly every: string;
  readonly everyMs: number;
}

export function isPeriod(text: string | null): text is Period {
  return PERIODS.some((period) => period === text);
}

/** @returns the window that ends at `endMs`, or at the present when it is null. */
export function trendWindow(period: Period, endMs: number | null, nowMs: number): TrendWindow {
  const { lengthMs, every, everyMs } = SPANS[period];
  const end = Math.min(endMs ?? nowMs, nowMs);
  const toMs = (Math.floor(end / everyMs) + 1) * everyMs;
  return { fromMs: toMs - lengthMs, toMs, every, everyMs };
}

/** @returns the window with the bucket that the history really used: what is old exists only by the minute. */
export function withBucket(window: TrendWindow, everyMs: number): TrendWindow {
  if (everyMs <= window.everyMs) return window;
  return { ...window, fromMs: Math.floor(window.fromMs / everyMs) * everyMs, everyMs };
}

/**
 * Moves by half a window.
 * @returns the new end, or null when that would pass the present: the window follows it again.
 */
export function panned(
  period: Period,
  endMs: number | null,
  direction: 'back' | 'forth',
  nowMs: number,
): number | null {
  const half = SPANS[period].lengthMs / 2;
  const end = (endMs ?? nowMs) + (direction === 'back' ? -half : half);
  return end >= nowMs ? null : end;
}

/** @returns the next shorter or longer period, or null at the end of the scale. */
export function zoomed(period: Period, direction: 'in' | 'out'): Period | null {
  const index = PERIODS.indexOf(period) + (direction === 'in' ? -1 : 1);
  return PERIODS[index] ?? null;
}
