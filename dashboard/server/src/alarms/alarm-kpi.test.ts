import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmStateName } from '@trame/protocol/alarms/alarm-names';
import { isRaised } from './alarm-fold.ts';
import { alarmKpi, mostWithin, type KpiFacts } from './alarm-kpi.ts';

type Change = KpiFacts['changes'][number];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function change(
  alarm: string,
  at: number,
  fromState: AlarmStateName,
  toState: AlarmStateName,
  more: Partial<Change> = {},
): Change {
  const { because = 'condition' } = more;
  return {
    line: 'tri-1',
    alarm,
    label: `Alarme ${alarm}`,
    priority: 1,
    at,
    occurrence: 1,
    fromState,
    toState,
    because,
    raised: Number(isRaised(fromState, toState, because)),
    ...more,
  };
}

function kpiOf(changes: readonly Change[], more: Partial<KpiFacts> = {}) {
  return alarmKpi({
    period: { from: 0, to: DAY_MS },
    changes,
    standingSince: new Map(),
    floods: [],
    openMs: 8 * HOUR_MS,
    ...more,
  });
}

describe('figures of alarms', () => {
  it('count those that came up, by open hour, priority and name', () => {
    const changes = [
      ...[1, 2, 3].map((n) => change('bourrage', n * HOUR_MS, 'normal', 'unacknowledged')),
      change('bac', 4 * HOUR_MS, 'returned', 'unacknowledged', { priority: 3 }),
      change('bac', 5 * HOUR_MS, 'unacknowledged', 'acknowledged', { priority: 3, because: 'person' }),
      change('nir', 6 * HOUR_MS, 'normal', 'shelved', { priority: 2 }),
    ];
    const kpi = kpiOf(changes);
    expect(kpi).toMatchObject({ raised: 4, perHour: 0.5, peakPerTenMinutes: 1, floodPercent: 0 });
    expect(kpi.byPriority).toEqual([
      { priority: 1, raised: 3, percent: 75 },
      { priority: 2, raised: 0, percent: 0 },
      { priority: 3, raised: 1, percent: 25 },
    ]);
    expect(kpi.top.map(({ id, raised, percent }) => [id, raised, percent])).toEqual([
      ['tri-1:bourrage', 3, 75],
      ['tri-1:bac', 1, 25],
    ]);
    expect(kpiOf(changes, { openMs: null }).perHour).toBeNull();
    expect(kpiOf(changes, { openMs: 0 }).perHour).toBeNull();
  });

  it('name those that come three times within a minute, and no slower ones', () => {
    const times = [0, 20_000, 59_999, 200_000].map((at) => change('a', at, 'normal', 'unacknowledged'));
    const slow = [0, 30_000, 60_000].map((at) => change('b', at, 'normal', 'unacknowledged'));
    expect(kpiOf([...times, ...slow]).chattering).toEqual([{ id: 'tri-1:a', label: 'Alarme a', times: 3 }]);
  });

  it('name those that have stood for more than a day, since they came up', () => {
    const period = { from: 2 * DAY_MS, to: 3 * DAY_MS };
    const before = [
      change('old', DAY_MS, 'unacknowledged', 'acknowledged', { because: 'person' }),
      change('over', DAY_MS, 'normal', 'unacknowledged'),
      change('anew', DAY_MS, 'normal', 'unacknowledged'),
    ];
    const later = [
      change('over', 2.5 * DAY_MS, 'unacknowledged', 'returned'),
      change('over', 2.6 * DAY_MS, 'returned', 'normal', { because: 'person' }),
      change('anew', 2.5 * DAY_MS, 'unacknowledged', 'returned'),
      change('anew', 2.6 * DAY_MS, 'returned', 'unacknowledged'),
    ];
    const standingSince = new Map([['tri-1:old', DAY_MS / 2]]);
    expect(kpiOf([...before, ...later], { period, standingSince })).toMatchObject({
      raised: 1,
      stale: [{ id: 'tri-1:old', since: DAY_MS / 2 }],
    });
  });

  it('give the median time to be seen, of what a person acknowledged', () => {
    const seen = (alarm: string, tookMs: number, to: AlarmStateName = 'acknowledged') => [
      change(alarm, 1_000, 'normal', 'unacknowledged'),
      change(alarm, 1_000 + tookMs, 'unacknowledged', to, { because: 'person' }),
    ];
    expect(kpiOf([]).medianToAcknowledgeMs).toBeNull();
    expect(kpiOf(seen('a', 4_000)).medianToAcknowledgeMs).toBe(4_000);
    const three = [...seen('a', 4_000), ...seen('b', 10_000), ...seen('c', 90_000)];
    expect(kpiOf(three).medianToAcknowledgeMs).toBe(10_000);
    expect(kpiOf([...three, ...seen('d', 20_000)]).medianToAcknowledgeMs).toBe(15_000);
    expect(kpiOf(seen('a', 4_000, 'shelved')).medianToAcknowledgeMs).toBeNull();
    const gone = [
      change('a', 0, 'normal', 'unacknowledged'),
      change('a', 5, 'unacknowledged', 'returned'),
      change('a', 9, 'returned', 'normal', { because: 'person' }),
    ];
    expect(kpiOf(gone).medianToAcknowledgeMs).toBe(9);
  });

  it('say which part of the period was flood, what began before it and what lasts included', () => {
    const floods = [
      { line: 'tri-1', at: -HOUR_MS, phase: 'began' as const },
      { line: 'tri-1', at: 6 * HOUR_MS, phase: 'ended' as const },
      { line: 'tri-1', at: 18 * HOUR_MS, phase: 'began' as const },
    ];
    expect(kpiOf([], { floods }).floodPercent).toBe(50);
    expect(kpiOf([], { floods: [] }).floodPercent).toBe(0);
  });

  it('find the most within any stretch as somebody who counts one by one does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        (times, window) => {
          const slow = times.map((from) => times.filter((at) => at >= from && at < from + window).length);
          expect(mostWithin(times, window)).toBe(Math.max(0, ...slow));
        },
      ),
    );
  });
});
