import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addGarment, compositionMassG, emptyComposition, fibreGrams } from './composition.ts';
import { garmentAt } from './garment.ts';
import { lotAt } from './lot.ts';
import { fabrics, type Fabric, type FibreMix } from './materials.ts';

describe('what a heap is made of', () => {
  it('gives every fibre of a garment its share, in whole grams that sum to the whole', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(fabrics) as Fabric[])),
        fc.integer({ min: 0, max: 5_000 }),
        (fabric, dryG) => {
          const parts = fibreGrams(fabric, dryG);
          const mix: FibreMix = fabrics[fabric];
          expect(parts.reduce((sum, [, grams]) => sum + grams, 0)).toBe(dryG);
          for (const [fibre, grams] of parts) {
            expect(Number.isInteger(grams)).toBe(true);
            expect(Math.abs(grams - (mix[fibre] ?? 0) * dryG)).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('weighs what its garments weigh, with their water', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.array(fc.nat(1_000_000), { maxLength: 60 }), (seed, indexes) => {
        const heap = emptyComposition(1_234);
        let [massG, waterG] = [1_234, 0];
        for (const index of indexes) {
          const garment = garmentAt(seed, lotAt(seed, 1 + (index % 40)), index);
          addGarment(heap, garment);
          massG += garment.massG;
          waterG += garment.surplusWaterG + garment.dampG;
        }
        expect(compositionMassG(heap)).toBe(massG);
        expect(heap.waterG).toBe(waterG);
        expect(heap.unknownG).toBe(1_234);
      }),
    );
  });
});
