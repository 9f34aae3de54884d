import { describe, expect, it } from 'vitest';
import { dayBefore, dayText } from './calendar.ts';

describe('a day of the calendar', () => {
  it.each([
    ['2026-11-22', '22 novembre 2026'],
    ['2026-01-01', '1 janvier 2026'],
    ['hier', 'hier'],
  ])('%s is written %s', (day, text) => expect(dayText(day).replaceAll('\u00a0', ' ')).toBe(text));

  it('comes after the day before it', () => {
    expect(dayBefore('2026-03-01')).toBe('2026-02-28');
    expect(dayBefore('2027-01-01')).toBe('2026-12-31');
  });
});
