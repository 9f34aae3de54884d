import { describe, expect, it } from 'vitest';
import { nextHeld, startHeld, UNKNOWN_AFTER_MS } from './held-input.ts';

const DELAYS = { onMs: 1_000, offMs: 3_000 };

/** What counts after each of these: `1`, `0` and `?` are seen 500 ms one after the other. */
function counts(seen: string): string {
  let held = startHeld(false, true, 0);
  return Array.from(seen)
    .map((sign, index) => {
      held = nextHeld(held, sign === '?' ? null : sign === '1', DELAYS, index * 500);
      return held.known ? String(Number(held.value)) : '?';
    })
    .join('');
}

describe('what an alarm is told of its condition', () => {
  it('counts once it has held', () => {
    expect(counts('0111100000000')).toBe('0001111111100');
  });

  it('does not count when it blinks, either way', () => {
    expect(counts('0110110110')).toBe('0000000000');
    expect(counts('1110000001111')).toBe('0011111111111');
  });

  it('begins its delay anew after it was not known', () => {
    expect(counts('011?0')).toBe('00000');
    expect(counts('011?111')).toBe('0000001');
    expect(counts('11100??00000000')).toBe('001111111111100');
  });

  it('is unknown only after a while, and known again at once', () => {
    const steps = UNKNOWN_AFTER_MS / 500;
    expect(counts(`111${'?'.repeat(steps + 2)}1`)).toBe(`001${'1'.repeat(steps)}??1`);
  });

  it('dates it by when it was there first', () => {
    let held = startHeld(false, true, 0);
    for (const ms of [400, 900, 1_500]) held = nextHeld(held, true, DELAYS, ms);
    expect(held).toMatchObject({ value: true, sinceMs: 400 });
  });
});
