import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { byPresentClock, STEP_REMEMBERED_MS } from './date-again.ts';

const BEFORE = { wallMs: 1_800_000_000_000, monotonicMs: 50_000 };
const LOOK_MS = 1000;

/** A clock that stepped at `BEFORE`, noticed a second later, and now `passedMs` after that. */
function after(byMs: number, passedMs: number) {
  const at = { wallMs: BEFORE.wallMs + byMs + LOOK_MS, monotonicMs: BEFORE.monotonicMs + LOOK_MS };
  const now = { wallMs: at.wallMs + passedMs, monotonicMs: at.monotonicMs + passedMs };
  return { step: { byMs, at }, now };
}

const steps = fc
  .integer({ min: -400_000_000, max: 400_000_000 })
  .filter((byMs) => Math.abs(byMs) > STEP_REMEMBERED_MS + 2 * LOOK_MS);

describe('what is told after the clock stepped', () => {
  it('and began before, is dated as if the clock had read then what it reads now', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 40_000 }),
        fc.nat(STEP_REMEMBERED_MS),
        (byMs, agoMs, passedMs) => {
          const { step, now } = after(byMs, passedMs);
          expect(byPresentClock(BEFORE.wallMs - agoMs, step, now)).toBe(BEFORE.wallMs - agoMs + byMs);
        },
      ),
    );
  });

  it('and began after, keeps its date', () => {
    fc.assert(
      fc.property(steps, fc.nat(STEP_REMEMBERED_MS), fc.nat(STEP_REMEMBERED_MS), (byMs, passedMs, agoMs) => {
        const { step, now } = after(byMs, passedMs);
        const beganMs = now.wallMs - Math.min(agoMs, passedMs + LOOK_MS);
        expect(byPresentClock(beganMs, step, now)).toBe(beganMs);
      }),
    );
  });

  it('keeps its date without a step, and long after one', () => {
    const { step, now } = after(-7_200_000, STEP_REMEMBERED_MS + 1);
    expect(byPresentClock(now.wallMs + 5, step, now)).toBe(now.wallMs + 5);
    expect(byPresentClock(now.wallMs + 5, null, now)).toBe(now.wallMs + 5);
  });
});
