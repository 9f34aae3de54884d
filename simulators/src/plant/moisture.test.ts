import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dryMassG } from './composition.ts';
import { garmentAt } from './garment.ts';
import { lotAt } from './lot.ts';
import {
  dampInWetLot,
  dampInWetLotOdds,
  isWetLot,
  strayDamp,
  strayDampOdds,
  wetLotOdds,
} from './moisture.ts';
import { mean } from './test-reads.ts';

const lots = Array.from({ length: 3_000 }, (_, number) => number + 1);

/** Damp of garments of a lot, as shares of their dry mass. */
function dampShares(seed: number, lot: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const garment = garmentAt(seed, lotAt(seed, lot), lot * 10_000 + index);
    return garment.dampG / dryMassG(garment);
  });
}

describe('damp garments', () => {
  it('come in wet lots, by the odds, and now and then alone', () => {
    const wet = lots.filter((lot) => isWetLot(5, lot));
    expect(wet.length / lots.length).toBeGreaterThan(0.8 * wetLotOdds);
    expect(wet.length / lots.length).toBeLessThan(1.2 * wetLotOdds);
    const [inWet] = wet;
    const dry = lots.find((lot) => !isWetLot(5, lot));
    const soaked = dampShares(5, inWet ?? 0, 4_000);
    const damp = soaked.filter((share) => share > 0);
    expect(damp.length / soaked.length).toBeCloseTo(dampInWetLotOdds, 1);
    expect(mean(damp)).toBeCloseTo((dampInWetLot.low + dampInWetLot.high) / 2, 1);
    const stray = dampShares(5, dry ?? 0, 20_000).filter((share) => share > 0);
    expect(stray.length / 20_000).toBeGreaterThan(0.7 * strayDampOdds);
    expect(stray.length / 20_000).toBeLessThan(1.3 * strayDampOdds);
    expect(mean(stray)).toBeCloseTo((strayDamp.low + strayDamp.high) / 2, 1);
  });

  it('weigh what they weigh: water is part of their grams, and never more than the tables say', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.integer({ min: 1, max: 100_000 }),
        fc.nat(10_000_000),
        (seed, number, index) => {
          const garment = garmentAt(seed, lotAt(seed, number), index);
          expect(Number.isInteger(garment.dampG)).toBe(true);
          expect(garment.dampG).toBeGreaterThanOrEqual(0);
          // Half a gram of rounding weighs most in the lightest pieces.
          expect(garment.dampG / dryMassG(garment)).toBeLessThanOrEqual(strayDamp.high + 0.02);
          expect(dryMassG(garment)).toBeGreaterThan(40);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
