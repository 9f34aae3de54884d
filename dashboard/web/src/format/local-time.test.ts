import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localInstant } from './local-time.ts';

const PARIS = 'Europe/Paris';
const iso = (day: string, time: string, zone = PARIS): string | null => {
  const at = localInstant(day, time, zone);
  return at === null ? null : new Date(at).toISOString();
};

describe('what a clock at the site showed', () => {
  it.each([
    ['2026-11-22', '13:05', '2026-11-22T12:05:00.000Z'],
    ['2026-07-14', '00:10', '2026-07-13T22:10:00.000Z'],
    // Set forward at 2: half past two never was.
    ['2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
    // Set back at 3: half past two was twice.
    ['2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25', '03:30', '2026-10-25T02:30:00.000Z'],
  ])('%s %s is %s', (day, time, at) => expect(iso(day, time)).toBe(at));

  it.each([
    ['2026-02-30', '10:00'],
    ['2026-13-01', '10:00'],
    ['2026-11-22', '25:00'],
    ['22/11/2026', '10:00'],
    ['2026-11-22', ''],
  ])('%s %s is no time', (day, time) => expect(iso(day, time)).toBeNull());

  it('is read back from what a clock shows, to the minute', () => {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: PARIS,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    fc.assert(
      fc.property(fc.integer({ min: 27_000_000, max: 33_000_000 }), (minute) => {
        const at = minute * 60_000;
        const [day = '', time = ''] = shown.format(at).split(' ');
        const back = localInstant(day, time, PARIS) ?? 0;
        // Of an hour that was twice the first one is taken.
        expect([at, at - 3_600_000]).toContain(back);
        expect(shown.format(back)).toBe(`${day} ${time}`);
      }),
    );
  });
});
