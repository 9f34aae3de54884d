import { describe, expect, it } from 'vitest';
import { everyForSpan, parseEvery } from './every.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './limits.ts';
import { planQuery } from './plan-query.ts';

const NOW = 1_763_791_234_567;
const tag = { site: 's', line: 'l', device: 'd', metric: 'm' };

function plan(everyMs: number, agoMs: number, spanMs: number) {
  const fromMs = NOW - agoMs;
  return planQuery({ tag, fromMs, toMs: fromMs + spanMs, everyMs, limit: 10 }, NOW, 30);
}

describe('which resolution answers', () => {
  it('gives samples while they exist, minutes after that', () => {
    expect(plan(0, HOUR_MS, HOUR_MS)).toMatchObject({ resolution: 'raw', everyMs: 0 });
    expect(plan(0, 40 * DAY_MS, HOUR_MS)).toMatchObject({ resolution: 'minute', everyMs: MINUTE_MS });
  });

  it('makes whole minutes and hours from minutes and hours', () => {
    expect(plan(5 * MINUTE_MS, HOUR_MS, HOUR_MS)).toMatchObject({ resolution: 'minute' });
    expect(plan(6 * HOUR_MS, DAY_MS, DAY_MS)).toMatchObject({ resolution: 'hour' });
  });

  it('makes fine buckets from samples for short spans, else rounds them up to minutes', () => {
    expect(plan(10_000, HOUR_MS, HOUR_MS)).toMatchObject({ resolution: 'raw', everyMs: 10_000 });
    expect(plan(10_000, 20 * DAY_MS, 19 * DAY_MS)).toMatchObject({
      resolution: 'minute',
      everyMs: MINUTE_MS,
    });
    expect(plan(90_000, 40 * DAY_MS, HOUR_MS)).toMatchObject({
      resolution: 'minute',
      everyMs: 2 * MINUTE_MS,
    });
  });

  it('asks for whole buckets', () => {
    const { fromMs, toMs } = plan(5 * MINUTE_MS, HOUR_MS, HOUR_MS);
    expect([fromMs % (5 * MINUTE_MS), toMs % (5 * MINUTE_MS)]).toEqual([0, 0]);
    expect(fromMs).toBeLessThanOrEqual(NOW - HOUR_MS);
  });
});

describe('a bucket as people write it', () => {
  it.each([
    ['10s', 10_000],
    ['1min', 60_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['250ms', 250],
    ['raw', 0],
    ['0', 0],
  ])('%s is %i ms', (text, everyMs) => {
    expect(parseEvery(text)).toBe(everyMs);
  });

  it.each(['', '10', 's', '-1s', '1.5h', '0s', '32d', '1 h', '9999999999s', 'NaNs'])(
    '«%s» is none',
    (text) => {
      expect(parseEvery(text)).toBeNull();
    },
  );

  it('fits a span with a few hundred points', () => {
    expect(everyForSpan(HOUR_MS)).toBe(10_000);
    expect(everyForSpan(8 * HOUR_MS)).toBe(MINUTE_MS);
    expect(everyForSpan(5 * 366 * DAY_MS)).toBe(7 * DAY_MS);
  });
});
