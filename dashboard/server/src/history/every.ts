/** The bucket of a history question, as people write it: `10s`, `1min`, `1h`, `1d`. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from './limits.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: MINUTE_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};
const EVERY = /^(?<count>\d{1,9})(?<unit>ms|s|min|m|h|d)$/u;
const EVERY_MAX_MS = 31 * DAY_MS;

/** @returns ms, 0 for `raw` or 0, or null when the text is not a bucket up to 31 days. */
export function parseEvery(text: string): number | null {
  if (text === 'raw' || text === '0') return 0;
  const found = EVERY.exec(text)?.groups;
  const everyMs = Number(found?.['count']) * (UNITS_MS[found?.['unit'] ?? ''] ?? Number.NaN);
  return Number.isFinite(everyMs) && everyMs >= 1 && everyMs <= EVERY_MAX_MS ? everyMs : null;
}

/** Buckets that read well on an axis. */
const LADDER_MS = [
  1_000,
  2_000,
  5_000,
  10_000,
  30_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
];
const POINTS_AIM = 600;

/** @returns the bucket that shows a span with a few hundred points. */
export function everyForSpan(spanMs: number): number {
  return LADDER_MS.find((everyMs) => spanMs / everyMs <= POINTS_AIM) ?? EVERY_MAX_MS;
}
