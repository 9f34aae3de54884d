import { describe, expect, it } from 'vitest';
import { calibrationBins, calibrationOf, chance, fitCurve, type Trial } from './fit-probability.ts';
import { seeded } from './seeded.ts';

const TRUE = { a: -8, b: 12 };

/** As many pure ones as others, so that weighing changes nothing. */
function trials(count: number, seed: number): Trial[] {
  const { next } = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const purity = next();
    return { group: `swatch ${i % 40}`, purity, isPure: next() < chance(TRUE, purity) };
  });
}

describe('the curve of the chance', () => {
  it.each([1, 2, 3])('is found again from trials of seed %d', (seed) => {
    const found = fitCurve(trials(20_000, seed));
    // Weighing pure ones and others the same moves the curve along, and leaves its steepness.
    expect(Math.abs(found.b - TRUE.b)).toBeLessThan(1);
    expect(chance(found, 0.95)).toBeGreaterThan(0.9);
    expect(chance(found, 0.3)).toBeLessThan(0.1);
  });

  it('ends where purity divides the trials exactly', () => {
    const exact = [0.1, 0.2, 0.8, 0.9].map((purity) => ({
      group: String(purity),
      purity,
      isPure: purity > 0.5,
    }));
    const { a, b } = fitCurve(exact);
    expect([Number.isFinite(a), Number.isFinite(b), b > 0]).toEqual([true, true, true]);
    expect(chance({ a, b }, 0.9)).toBeGreaterThan(0.95);
  });

  it('says what then comes true, on groups that it did not see', () => {
    const { brier, bins } = calibrationOf(trials(4000, 9));
    expect(brier).toBeLessThan(0.15);
    for (const { n, said, was } of bins) {
      expect(n).toBeGreaterThan(50);
      expect(Math.abs((said ?? 0) - (was ?? 0))).toBeLessThan(0.08);
    }
  });

  it('puts what is certain into the last range, and nothing twice', () => {
    const judged = [0, 0.1, 0.3, 1].map((said) => ({ said, was: 1, weight: 1 }));
    expect(calibrationBins(judged).map(({ n }) => n)).toEqual([1, 1, 1, 0, 0, 1]);
  });
});
