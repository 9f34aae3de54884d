import { expect, it } from 'vitest';
import { daysOf, monthBefore } from './months.ts';

it.each([
  ['2026-11-22', '2026-10'],
  ['2026-01-01', '2025-12'],
  ['2026-10-31', '2026-09'],
])('before %s ended %s', (day, month) => expect(monthBefore(day)).toBe(month));

it('a month ends where the next begins', () => {
  expect(daysOf('2025-12')).toEqual({ from: '2025-12-01', to: '2026-01-01' });
  expect(daysOf('2026-02')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
});
