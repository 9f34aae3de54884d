import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';
import { dayAfter, instantFormat, monthOf } from './instant.ts';

const paris = instantFormat('Europe/Paris');
const at = (iso: string): number => Date.parse(iso);

describe('instants in the zone of the site', () => {
  it('are cut into local days', () => {
    expect(paris.day(at('2026-11-22T22:59:59Z'))).toBe('2026-11-22');
    expect(paris.day(at('2026-11-22T23:00:00Z'))).toBe('2026-11-23');
    expect(paris.day(at('2026-07-01T22:00:00Z'))).toBe('2026-07-02');
  });

  it('tell today by its time and other days by their date', () => {
    const now = at('2026-11-22T10:00:00Z');
    expect(paris.recent(at('2026-11-22T07:12:04Z'), now)).toBe('08:12:04');
    expect(paris.recent(at('2026-11-21T16:40:00Z'), now)).toBe('21 nov. 17:40');
  });

  it.each([
    ['winter', '2026-11-22T10:00:00Z', '2026-11-21T23:00:00Z'],
    ['the 25-hour day', '2026-10-25T20:00:00Z', '2026-10-24T22:00:00Z'],
    ['the 23-hour day', '2026-03-29T20:00:00Z', '2026-03-28T23:00:00Z'],
    ['midnight itself', '2026-11-21T23:00:00Z', '2026-11-21T23:00:00Z'],
  ])('begin their day at local midnight: %s', (_case, instant, start) => {
    expect(new Date(paris.startOfDay(at(instant))).toISOString()).toBe(new Date(at(start)).toISOString());
  });

  it('mark an axis at round local times, not more often than asked', () => {
    const splits = paris.splits(at('2026-11-22T05:37:00Z'), at('2026-11-22T13:37:00Z'), 9);
    expect(splits.map(paris.hourMinute)).toEqual([
      '07:00',
      '08:00',
      '09:00',
      '10:00',
      '11:00',
      '12:00',
      '13:00',
      '14:00',
    ]);
  });

  it('mark long spans at local midnights across a change of the clocks', () => {
    const splits = paris.splits(at('2026-10-22T10:00:00Z'), at('2026-10-29T10:00:00Z'), 8);
    expect(splits.map(paris.hourMinute)).toEqual(Array.from({ length: 7 }, () => '00:00'));
    expect(splits.map(paris.day)[0]).toBe('2026-10-23');
  });

  it('know the day after and the month', () => {
    expect(dayAfter('2026-12-31')).toBe('2027-01-01');
    expect(dayAfter('2028-02-28')).toBe('2028-02-29');
    expect(monthOf('2026-12-05')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
    expect(monthOf('2026-02-28')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
  });
});

describe('formatDuration', () => {
  it.each([
    [-5, '0 s'],
    [4_900, '4 s'],
    [60_000, '1 min'],
    [7_500_000, '2 h 05'],
    [432_000_000, '5 j'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms).replaceAll('\u00a0', ' ')).toBe(text));
});
