import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RECOGNISED_FIBRES } from './fibre-names.ts';
import {
  agreedRegainPercent,
  conventionalMass,
  dryMass,
  moistureOfRegain,
  regainOfMixPercent,
} from './regain.ts';

it('is as the annex has it, with what spectra cannot tell apart taken for cotton', () => {
  expect(RECOGNISED_FIBRES.map((fibre) => [fibre, agreedRegainPercent(fibre)])).toEqual([
    ['cotton', 8.5],
    ['flax', 12],
    ['wool', 18.25],
    ['viscose', 13],
    ['polyester', 1.5],
    ['polyamide', 6.25],
    ['acrylic', 2],
    ['polypropylene', 2],
    ['elastane', 1.5],
    ['cellulosic', 8.5],
    ['acetate', 9],
    ['polyvinyl-chloride', 2],
  ]);
  const mix = [
    { fibre: 'cotton', percent: 60 },
    { fibre: 'polyester', percent: 40 },
  ] as const;
  expect(regainOfMixPercent(mix)).toBeCloseTo(5.7, 12);
  expect(regainOfMixPercent([])).toBeNull();
});

it('gives back the mass as it is to what holds its agreed moisture', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 40, noNaN: true }),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      (regain, mass) => {
        expect(conventionalMass(dryMass(mass, moistureOfRegain(regain)), regain) / mass).toBeCloseTo(1, 9);
      },
    ),
  );
});
