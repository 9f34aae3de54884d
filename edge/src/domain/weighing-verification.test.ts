import { expect, it } from 'vitest';
import { ScaleBench } from './test-weighing.ts';
import { calendarOf, statedVerification } from './weighing-verification.ts';

const { config } = new ScaleBench({ verificationDue: '2027-03-01' });
const VISIT = { scale: 's', on: '2026-11-20', request: 'a'.repeat(32) };

it('what a person stated last goes before the configuration', () => {
  expect(statedVerification(config, null)).toStrictEqual({ outcome: 'accepted', due: '2027-03-01' });
  expect(statedVerification(config, { ...VISIT, outcome: 'accepted', due: '2027-11-20' })).toStrictEqual({
    outcome: 'accepted',
    due: '2027-11-20',
  });
  expect(statedVerification(config, { ...VISIT, outcome: 'refused', due: null })).toStrictEqual({
    outcome: 'refused',
  });
});

it('a day begins at midnight of the site, summer and winter', () => {
  const paris = calendarOf('Europe/Paris');
  expect(paris(Date.UTC(2026, 10, 22, 22, 59, 59, 999))).toBe('2026-11-22');
  expect(paris(Date.UTC(2026, 10, 22, 23))).toBe('2026-11-23');
  expect(paris(Date.UTC(2027, 6, 14, 21, 59))).toBe('2027-07-14');
  expect(paris(Date.UTC(2027, 6, 14, 22))).toBe('2027-07-15');
  expect(() => calendarOf('Europe/Nowhere')).toThrow(RangeError);
});
