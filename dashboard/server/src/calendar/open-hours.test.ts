import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { common, joined, lengthMs, without, type Interval } from './intervals.ts';
import { instantOf, wallClockIn } from './local-time.ts';
import { OpeningCalendar } from './open-hours.ts';

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);
const hours = (intervals: readonly Interval[]) => lengthMs(intervals) / HOUR_MS;

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]) => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 8 });
const holds = (list: readonly Interval[], moment: number) =>
  list.some(({ from, to }) => from <= moment && moment < to);

describe('stretches of time', () => {
  it('join, meet and leave out what each moment of them says', () => {
    fc.assert(
      fc.property(intervals, intervals, (one, other) => {
        for (let moment = 0; moment < 85; moment += 1) {
          const [a, b] = [holds(one, moment), holds(other, moment)];
          expect(holds(joined(one), moment)).toBe(a);
          expect(holds(common(one, other), moment)).toBe(a && b);
          expect(holds(without(one, other), moment)).toBe(a && !b);
        }
        const parts = [common(one, other), without(one, other)];
        expect(parts.reduce((sum, part) => sum + lengthMs(part), 0)).toBe(lengthMs(one));
        for (const list of [joined(one), ...parts]) {
          for (const [n, { from, to }] of list.entries()) {
            expect(from).toBeLessThan(to);
            expect(from).toBeGreaterThanOrEqual(list[n - 1]?.to ?? 0);
          }
        }
      }),
    );
  });
});

describe('the clock on the wall', () => {
  const wall = wallClockIn('Europe/Paris');

  it('is found again from what it shows, except in the hour that comes twice', () => {
    const quarter = fc
      .integer({ min: 0, max: 4 * 24 * 365 })
      .map((n) => at('2026-01-01T00:00:00Z') + n * 900_000);
    fc.assert(
      fc.property(quarter, (moment) => {
        const shown = wall(moment);
        const [first, last] = [instantOf(wall, shown, 'first'), instantOf(wall, shown, 'last')];
        expect([first, last]).toContain(moment);
        expect(last - first === 0 || last - first === HOUR_MS).toBe(true);
      }),
    );
    const twice = at('2026-10-25T02:30:00Z');
    expect(instantOf(wall, twice, 'first')).toBe(at('2026-10-25T00:30:00Z'));
    expect(instantOf(wall, twice, 'last')).toBe(at('2026-10-25T01:30:00Z'));
    // 02:30 does not come on the last Sunday of March: it is 03:30 then.
    expect(instantOf(wall, at('2026-03-29T02:30:00Z'), 'first')).toBe(at('2026-03-29T01:30:00Z'));
  });
});

const calendar = new OpeningCalendar(
  {
    open: { monday: ['08:00-12:00', '13:00-17:00'], friday: ['22:00-06:00'], saturday: ['20:00-04:00'] },
    closed: ['2026-11-23'],
    breaks: ['10:00-10:15', '12:00-12:10', '02:00-02:30'],
  },
  'Europe/Paris',
);
const night = (from: string, to: string) => hours(calendar.between(at(from), at(to)).open);

describe('a calendar', () => {
  it('opens by weekday in local time, with breaks within the hours only', () => {
    const { open, breaks } = calendar.between(at('2026-11-16T00:00:00Z'), at('2026-11-17T00:00:00Z'));
    expect(open).toEqual([
      { from: at('2026-11-16T07:00:00Z'), to: at('2026-11-16T11:00:00Z') },
      { from: at('2026-11-16T12:00:00Z'), to: at('2026-11-16T16:00:00Z') },
    ]);
    expect(breaks).toEqual([{ from: at('2026-11-16T09:00:00Z'), to: at('2026-11-16T09:15:00Z') }]);
  });

  it('is an hour earlier by UTC in summer', () => {
    const { open } = calendar.between(at('2026-06-15T00:00:00Z'), at('2026-06-15T09:00:00Z'));
    expect(open).toEqual([{ from: at('2026-06-15T06:00:00Z'), to: at('2026-06-15T09:00:00Z') }]);
  });

  it('is closed on the days that it names', () => {
    expect(calendar.between(at('2026-11-23T00:00:00Z'), at('2026-11-24T00:00:00Z')).open).toEqual([]);
  });

  it('lasts into the next day, with its break after midnight', () => {
    const { open, breaks } = calendar.between(at('2026-11-21T00:00:00Z'), at('2026-11-21T12:00:00Z'));
    expect(open).toEqual([{ from: at('2026-11-21T00:00:00Z'), to: at('2026-11-21T05:00:00Z') }]);
    expect(breaks).toEqual([{ from: at('2026-11-21T01:00:00Z'), to: at('2026-11-21T01:30:00Z') }]);
  });

  it('has a night of nine hours in autumn and of seven in spring', () => {
    expect(night('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toBe(9);
    expect(night('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toBe(7);
    expect(night('2026-11-21T12:00:00Z', '2026-11-22T12:00:00Z')).toBe(8);
  });

  it('adds up, wherever the period is cut', () => {
    const from = at('2026-03-20T00:00:00Z');
    const to = at('2026-04-05T00:00:00Z');
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (cut) => {
        const [all, one, other] = [
          calendar.between(from, to),
          calendar.between(from, cut),
          calendar.between(cut, to),
        ];
        expect(lengthMs(one.open) + lengthMs(other.open)).toBe(lengthMs(all.open));
        expect(lengthMs(one.breaks) + lengthMs(other.breaks)).toBe(lengthMs(all.breaks));
      }),
    );
  });
});
