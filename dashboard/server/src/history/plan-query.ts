/** Which of the three resolutions answers a question: raw samples, minutes or hours. */
import type { HistoryQuery } from './history-store.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './limits.ts';

export type Resolution = 'raw' | 'minute' | 'hour';

export interface QueryPlan {
  readonly resolution: Resolution;
  /** Bucket; 0: the samples themselves. */
  readonly everyMs: number;
  /** First and end of the buckets, on their borders. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Buckets finer than a minute over a longer time than this would read too many samples. */
export const RAW_BUCKETS_SPAN_MAX_MS = 2 * DAY_MS;

/**
 * Samples exist for `retentionDays`; older questions are answered by the minute. A bucket that is a whole
 * number of hours or minutes is made of those, since they were computed once already.
 */
export function planQuery(query: HistoryQuery, nowMs: number, retentionDays: number): QueryPlan {
  const { fromMs, toMs, everyMs } = query;
  const rawExists = fromMs >= nowMs - retentionDays * DAY_MS;
  if (everyMs === 0) {
    return rawExists
      ? { resolution: 'raw', everyMs: 0, fromMs, toMs }
      : onBorders('minute', MINUTE_MS, query);
  }
  if (everyMs % HOUR_MS === 0) return onBorders('hour', everyMs, query);
  if (everyMs % MINUTE_MS === 0) return onBorders('minute', everyMs, query);
  if (rawExists && toMs - fromMs <= RAW_BUCKETS_SPAN_MAX_MS) return onBorders('raw', everyMs, query);
  return onBorders('minute', Math.ceil(everyMs / MINUTE_MS) * MINUTE_MS, query);
}

function onBorders(resolution: Resolution, everyMs: number, { fromMs, toMs }: HistoryQuery): QueryPlan {
  return {
    resolution,
    everyMs,
    fromMs: Math.floor(fromMs / everyMs) * everyMs,
    toMs: Math.ceil(toMs / everyMs) * everyMs,
  };
}
