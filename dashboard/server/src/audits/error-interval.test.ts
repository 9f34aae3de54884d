import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePieces, GRAMS_PER_EFFECTIVE_PIECE, shareInterval, sortingError } from './error-interval.ts';
import { TestChance } from './test-chance.ts';

const sample = fc
  .tuple(fc.integer({ min: 1, max: 200_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([sampledGrams, share]) => ({ sampledGrams, misplacedGrams: Math.round(sampledGrams * share) }));
const samples = fc.array(sample, { minLength: 1, maxLength: 12 });

describe('the sorting error', () => {
  it('is misplaced over sampled, and says nothing of what nobody looked through', () => {
    expect(sortingError([])).toBeNull();
    const error = sortingError([
      { sampledGrams: 30_000, misplacedGrams: 600 },
      { sampledGrams: 10_000, misplacedGrams: 1_000 },
    ]);
    expect(error).toMatchObject({ audits: 2, sampledGrams: 40_000, misplacedGrams: 1_600, percent: 4 });
  });

  it('has the limits of Clopper and Pearson', () => {
    // 2 of 20, the table of Dixon & Massey; none of 10: 1 - 0.025^(1/10).
    expect(shareInterval(0.1, 20)).toEqual({
      low: expect.closeTo(0.0123, 4),
      high: expect.closeTo(0.317, 4),
    });
    expect(shareInterval(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.3085, 4) });
    expect(shareInterval(1, 10)).toEqual({ low: expect.closeTo(0.6915, 4), high: 1 });
  });

  it('lies between its limits, and these between 0 and 100 %', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const error = sortingError(all);
        if (error === null) throw new Error('something was sampled');
        expect(error.lowPercent).toBeGreaterThanOrEqual(0);
        expect(error.lowPercent).toBeLessThanOrEqual(error.percent);
        expect(error.highPercent).toBeGreaterThanOrEqual(error.percent);
        expect(error.highPercent).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('is never told better than by the pieces that were looked through, and in no order', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const pieces = effectivePieces(all);
        const grams = all.reduce((sum, one) => sum + one.sampledGrams, 0);
        expect(pieces).toBeGreaterThan(0);
        expect(pieces).toBeLessThanOrEqual((grams / GRAMS_PER_EFFECTIVE_PIECE) * (1 + 1e-12));
        expect(effectivePieces(all.toReversed())).toBeCloseTo(pieces, 6);
      }),
    );
  });

  it('is told better the more is looked through', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: 2, max: 20 }), ({ sampledGrams, misplacedGrams }, times) => {
        const width = (n: number) => {
          const error = sortingError([
            { sampledGrams: n * sampledGrams, misplacedGrams: n * misplacedGrams },
          ]);
          return (error?.highPercent ?? 0) - (error?.lowPercent ?? 0);
        };
        expect(width(times)).toBeLessThanOrEqual(width(1) + 1e-9);
      }),
    );
  });

  it('is told worse the more audits differ', () => {
    const alike = [500, 500, 500, 500].map((misplacedGrams) => ({ sampledGrams: 10_000, misplacedGrams }));
    const different = [0, 0, 0, 2_000].map((misplacedGrams) => ({ sampledGrams: 10_000, misplacedGrams }));
    expect(effectivePieces(different)).toBeLessThan(effectivePieces(alike) / 1.5);
    expect(sortingError(different)?.percent).toBe(sortingError(alike)?.percent);
  });
});

/** Months of each kind. */
const MONTHS = 800;

const seed = Number(process.env['AUDIT_SEED'] ?? 20_261_120);

/** @param differing between audits, as a correlation within them. @returns how often the truth was between the limits, %. */
function coverage(kg: number, audits: number, share: number, differing: number): number {
  const chance = new TestChance(seed + kg * 1_000 + Math.round(share * 1e6));
  let held = 0;
  for (let n = 0; n < MONTHS; n += 1) {
    const found = sortingError(
      Array.from({ length: audits }, () => {
        const there =
          differing === 0
            ? share
            : chance.beta(share * (1 / differing - 1), (1 - share) * (1 / differing - 1));
        return chance.audit((kg * 1_000) / audits, there);
      }),
    );
    if (found === null) throw new Error('something was sampled');
    if (found.lowPercent <= 100 * share && 100 * share <= found.highPercent) held += 1;
  }
  return (100 * held) / MONTHS;
}

describe(`its interval of 95 %, drawn from seed ${seed},`, () => {
  it.each([
    [5, 1],
    [20, 1],
    [100, 1],
    [20, 2],
    [60, 4],
    [150, 8],
  ])('holds the truth of pieces of unequal mass: %d kg in %d audits', (kg, audits) => {
    for (const share of [0.003, 0.01, 0.03, 0.05, 0.1, 0.3]) {
      expect([seed, share, coverage(kg, audits, share, 0)]).toSatisfy(
        ([, , held]: number[]) => (held ?? 0) >= 93,
      );
    }
  });

  it.each([
    [20, 2],
    [60, 4],
    [150, 8],
  ])('and of audits that differ, by two points at an error of 5: %d kg in %d audits', (kg, audits) => {
    for (const share of [0.02, 0.05, 0.1]) {
      expect([seed, share, coverage(kg, audits, share, 0.01)]).toSatisfy(
        ([, , held]: number[]) => (held ?? 0) >= 93,
      );
    }
  });
});
