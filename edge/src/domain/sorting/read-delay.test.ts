import { describe, expect, it } from 'vitest';
import { hasPassed, NO_DELAY, PASSED_AFTER_MS, SET_BACK_AFTER_MS, withReads } from './read-delay.ts';

/** The station's clock is not ours. */
const AHEAD_MS = 1_700_000_000_000;

/** Reads that each come by themselves. @param delayed how long each was on its way, ms. */
function lateOnes(delayed: readonly number[], everyMs = 500, clock = (nowMs: number) => nowMs + AHEAD_MS) {
  let state = NO_DELAY;
  return delayed.map((delayMs, index) => {
    const nowMs = index * everyMs;
    const readAtMs = clock(nowMs) - delayMs;
    state = withReads(state, [readAtMs], nowMs);
    return hasPassed(state, readAtMs);
  });
}

describe('how long reads are on their way', () => {
  it('tells those that come late, one by one, after all stood still', () => {
    const late = lateOnes([50, 80, 20, 9000, 8500, 3000, 1500, 40]);
    expect(late.flatMap((isLate, index) => (isLate ? [index] : []))).toEqual([3, 4, 5]);
  });

  it('tells those of a batch that are older than its latest', () => {
    const reads = [1000, 2000, null, 4500, 5000].map((each) => each && AHEAD_MS + each);
    const state = withReads(NO_DELAY, reads, 7);
    expect(reads.map((each) => hasPassed(state, each))).toEqual([true, true, false, false, false]);
  });

  it('says nothing of a station that tells no time', () => {
    expect(hasPassed(withReads(NO_DELAY, [null, null], 7), null)).toBe(false);
  });

  it('follows clocks that run apart, for a day', () => {
    const slow = lateOnes(
      Array.from({ length: 8640 }, () => 20),
      10_000,
      (nowMs) => nowMs * (1 - 2e-4) + AHEAD_MS,
    );
    expect(slow).not.toContain(true);
  });

  it('takes a clock that was set back for what it is after a while', () => {
    const late = lateOnes(
      Array.from({ length: 200 }, () => 20),
      500,
      (nowMs) => nowMs + AHEAD_MS - (nowMs >= 10_000 ? 3_600_000 : 0),
    );
    const count = late.filter(Boolean).length;
    expect(count).toBe(SET_BACK_AFTER_MS / 500);
    expect(late.at(-1)).toBe(false);
    expect(PASSED_AFTER_MS).toBeLessThan(SET_BACK_AFTER_MS);
  });
});
