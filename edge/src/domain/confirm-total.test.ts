import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmTotal, type Candidate } from './confirm-total.ts';
import { countTotal, fallenBelow, NOTHING_COUNTED, type CountState } from './count-total.ts';

/** Counts a run of polled totals from zero, as the line counter does. */
function counted(totals: readonly bigint[]): CountState {
  let state = NOTHING_COUNTED;
  let candidate: Candidate | null = null;
  for (const [index, grams] of totals.entries()) {
    const step = confirmTotal(candidate, { grams, atMs: index }, fallenBelow(state));
    candidate = step.candidate;
    if (step.confirmed !== null) state = countTotal(state, step.confirmed, 'zero').state;
  }
  return state;
}

describe('a total is believed when it is said twice', () => {
  it('follows a growing total one reading behind, and loses nothing', () => {
    expect(counted([10n, 20n, 30n]).countedGrams).toBe(20n);
    expect(counted([10n, 20n, 30n, 30n]).countedGrams).toBe(30n);
  });

  it('does not count a single false high reading', () => {
    expect(counted([65_535n, 65_535n, 131_071n, 65_536n, 65_536n]).countedGrams).toBe(65_536n);
  });

  it('does not take a single false low reading for a counter that went back', () => {
    expect(counted([500n, 500n, 0n, 501n, 501n])).toMatchObject({
      countedGrams: 501n,
      wentBackFromGrams: null,
    });
  });

  it('believes a first reading no sooner than any other', () => {
    expect(counted([4_000_000_000n]).countedGrams).toBe(0n);
    expect(counted([4_000_000_000n, 7n, 7n]).countedGrams).toBe(7n);
  });

  it('follows a counter that really started anew', () => {
    expect(counted([5000n, 5000n, 3n, 4n, 210n, 210n]).countedGrams).toBe(5207n);
  });

  it('is never wrong in the end, wherever one false reading stands among true ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 1000n), { minLength: 3, maxLength: 30 }),
        fc.nat(),
        fc.bigInt(0n, 2n ** 40n),
        (steps, place, falsehood) => {
          let total = 0n;
          const truths = steps.map((step) => (total += step));
          const at = 1 + (place % (truths.length - 1));
          const readings = [...truths.slice(0, at), falsehood, ...truths.slice(at), total, total];
          expect(counted(readings).countedGrams).toBe(total);
        },
      ),
    );
  });
});
