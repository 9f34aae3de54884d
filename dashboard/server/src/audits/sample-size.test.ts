import * as fc from 'fast-check';
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import { describe, expect, it } from 'vitest';
import { sortingError } from './error-interval.ts';
import { sampleGrams } from './sample-size.ts';

const asked = fc.record({
  share: fc.double({ min: 0, max: 0.5, noNaN: true }),
  margin: fc.double({ min: 0.005, max: 0.1, noNaN: true }),
  outletGrams: fc.integer({ min: 1, max: 500_000_000 }),
});

const NO_END = 1e13;

describe('how much of an outlet to sample', () => {
  it('is so much that the interval is as narrow as was asked for, and no piece more', () => {
    fc.assert(
      fc.property(asked, ({ share, margin }) => {
        const grams = sampleGrams({ share, margin, outletGrams: NO_END });
        const wider = (sampled: number) => {
          const error = sortingError([{ sampledGrams: sampled, misplacedGrams: sampled * share }]);
          if (error === null) throw new Error('something was sampled');
          return Math.max(error.highPercent - error.percent, error.percent - error.lowPercent) / 100;
        };
        expect(wider(grams)).toBeLessThanOrEqual(margin * (1 + 1e-6));
        // Two of the assumed pieces: one for the effective piece, one for rounding up.
        const fewer = Math.max(1, grams - 3 * ASSUMED_PIECE_G);
        expect(wider(fewer)).toBeGreaterThan(margin * (1 - 1e-6));
      }),
      { numRuns: 60 },
    );
  });

  it('is enough for the interval that is then shown, however little falls into the outlet, unless it is all of it', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const grams = sampleGrams(one);
        fc.pre(grams < one.outletGrams);
        const error = sortingError([{ sampledGrams: grams, misplacedGrams: grams * one.share }]);
        if (error === null) throw new Error('something was sampled');
        const halfWidth = Math.max(error.highPercent - error.percent, error.percent - error.lowPercent) / 100;
        expect(halfWidth).toBeLessThanOrEqual(one.margin * (1 + 1e-6));
      }),
      { numRuns: 60 },
    );
  });

  it('is never more than the outlet has, whole pieces unless it is all, and more for less margin', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const grams = sampleGrams(one);
        expect(grams).toBeGreaterThan(0);
        expect(grams).toBeLessThanOrEqual(one.outletGrams);
        expect(grams === one.outletGrams || grams % ASSUMED_PIECE_G === 0).toBe(true);
        expect(sampleGrams({ ...one, margin: one.margin / 2 })).toBeGreaterThanOrEqual(grams);
        expect(sampleGrams({ ...one, outletGrams: 2 * one.outletGrams })).toBeGreaterThanOrEqual(grams);
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing of nothing, all of little, some of much', () => {
    const usual = { share: 0.05, margin: 0.02 };
    expect(sampleGrams({ ...usual, outletGrams: 0 })).toBe(0);
    expect(sampleGrams({ ...usual, outletGrams: 250 })).toBe(250);
    const kg = sampleGrams({ ...usual, outletGrams: 20_000_000 }) / 1_000;
    // 1.96² · 0.05 · 0.95 / 0.02² = 456 pieces of 447 g; limits that hold for small shares ask for some more.
    expect(kg).toBeGreaterThan(204);
    expect(kg).toBeLessThan(290);
    expect(sampleGrams({ ...usual, outletGrams: 300_000 })).toBe(kg * 1_000);
    expect(sampleGrams({ ...usual, outletGrams: 100_000 })).toBe(100_000);
  });
});
