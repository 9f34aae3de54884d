import type { HistoryPoint } from '@trame/protocol/dashboard-api';
import { describe, expect, it } from 'vitest';
import { brokenSegments, gapsOf, loneValues } from '../ui/chart-gaps.ts';
import { sparkPath } from '../ui/spark-path.ts';
import { tableRows, trendColumns, trendSummary } from './trend-series.ts';
import { panned, PERIODS, trendWindow, withBucket, zoomed, type TrendWindow } from './trend-window.ts';

const NOW = Date.parse('2026-11-22T08:00:30Z');
const HOUR = 3_600_000;
const point = (t: number, value: number | null, quality = 192): HistoryPoint => ({
  t,
  value,
  min: value === null ? null : value - 1,
  max: value === null ? null : value + 2,
  quality,
});

describe('the window of a trend', () => {
  it.each(PERIODS)('of %s holds a bounded number of whole buckets and the present', (period) => {
    const window = trendWindow(period, null, NOW);
    expect(window.fromMs % window.everyMs).toBe(0);
    expect(window.toMs).toBeGreaterThan(NOW);
    expect((window.toMs - window.fromMs) / window.everyMs).toBeLessThanOrEqual(720);
  });

  it('never looks past the present', () => {
    expect(trendWindow('8h', NOW + HOUR, NOW)).toEqual(trendWindow('8h', null, NOW));
  });

  it('pans by half, and follows the present again once it is reached', () => {
    const back = panned('8h', null, 'back', NOW);
    expect(back).toBe(NOW - 4 * HOUR);
    expect(panned('8h', back, 'forth', NOW)).toBeNull();
    expect(panned('8h', NOW - 10 * HOUR, 'forth', NOW)).toBe(NOW - 6 * HOUR);
  });

  it('zooms step by step, and not past the ends', () => {
    expect(zoomed('8h', 'in')).toBe('4h');
    expect(zoomed('8h', 'out')).toBe('24h');
    expect(zoomed('1h', 'in')).toBeNull();
    expect(zoomed('30j', 'out')).toBeNull();
  });

  it('takes the coarser bucket of an old answer', () => {
    const window = trendWindow('1h', null, NOW);
    expect(withBucket(window, window.everyMs)).toBe(window);
    expect(withBucket(window, 60_000)).toMatchObject({ everyMs: 60_000 });
    expect(withBucket(window, 60_000).fromMs % 60_000).toBe(0);
  });
});

describe('the series of a trend', () => {
  const window: TrendWindow = { fromMs: 0, toMs: 50, every: '10ms', everyMs: 10 };

  it('has one entry for each bucket, null where nothing was measured', () => {
    const points = [point(0, 5), point(12, 7), point(30, null, 0)];
    expect(trendColumns(points, window, 100)).toEqual({
      times: [0, 10, 20, 30, 40],
      values: [5, 7, null, null, null],
    });
  });

  it('ends at the present', () => {
    expect(trendColumns([], window, 20).times).toEqual([0, 10, 20]);
  });

  it('is summed up by its good buckets', () => {
    expect(trendSummary([point(0, 4), point(10, 8), point(20, null)])).toEqual({ mean: 6, min: 3, max: 10 });
    expect(trendSummary([point(0, null)])).toBeNull();
  });

  it('is listed from the newest', () => {
    expect(tableRows([point(3, 1), point(25, 2)], window).map((row) => row.t)).toEqual([20, 0]);
  });

  it('knows its values that stand alone', () => {
    expect(loneValues([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(loneValues([null, 0, null])).toEqual([1]);
  });

  it('is joined nowhere that something was lost', () => {
    const times = [0, 10, 20, 30, 40];
    const broken = (fromMs: number, toMs: number) => [...brokenSegments(times, [{ fromMs, toMs }])];
    expect(broken(12, 14)).toEqual([1]);
    expect(broken(12, 25)).toEqual([1, 2]);
    expect(broken(-5, 100)).toEqual([0, 1, 2, 3]);
    expect(broken(20, 20)).toEqual([1, 2]);
    expect(broken(50, 60)).toEqual([]);
    expect(broken(-9, -5)).toEqual([]);
    expect([...brokenSegments([], [{ fromMs: 0, toMs: 9 }])]).toEqual([]);
  });

  it('still shows a value between two losses', () => {
    const losses = [
      { fromMs: 3, toMs: 4 },
      { fromMs: 13, toMs: 14 },
    ];
    expect(loneValues([1, 2, 3, 4], brokenSegments([0, 10, 20, 30], losses))).toEqual([0, 1]);
  });

  it('knows its gaps once it has begun', () => {
    expect(gapsOf([null, 1, null, null, 2, null])).toEqual([
      { from: 2, to: 3 },
      { from: 5, to: 5 },
    ]);
    expect(gapsOf([1, 2])).toEqual([]);
    expect(gapsOf([null, null])).toEqual([]);
  });
});

describe('sparkPath', () => {
  it('breaks the line at a gap and stands on zero', () => {
    expect(sparkPath([0, 10, null, 5], 30, 10)).toBe('M0.0 10.0L0.0 10.0L10.0 0.0M30.0 5.0L30.0 5.0');
  });

  it('draws nothing of nothing, and a flat line of zeros', () => {
    expect(sparkPath([null, null], 30, 10)).toBe('');
    expect(sparkPath([0, 0], 30, 10)).toBe('M0.0 10.0L0.0 10.0L30.0 10.0');
  });
});
