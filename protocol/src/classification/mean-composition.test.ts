import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RECOGNISED_FIBRES } from './fibre-names.ts';
import { addShares, meanComposition, sharesOf } from './mean-composition.ts';

it('takes the shares of a piece in proportion, and none of what is absurd', () => {
  expect(sharesOf({ composition: { cotton: 30, polyester: 10 } })).toEqual({ cotton: 75, polyester: 25 });
  for (const composition of [null, {}, { cotton: 0 }, { cotton: -1, wool: 101 }, { cotton: Number.NaN }]) {
    expect(sharesOf({ composition })).toBeNull();
  }
});

it('is the mean of the pieces, in hundredths that add up to exactly 100', () => {
  const sums = addShares(addShares({}, { cotton: 100 }), { cotton: 0, wool: 100 }, 2);
  expect(meanComposition(sums)).toEqual([
    { fibre: 'wool', percent: 66.67 },
    { fibre: 'cotton', percent: 33.33 },
  ]);
  expect(meanComposition({})).toEqual([]);
  const some = fc.dictionary(
    fc.constantFrom(...RECOGNISED_FIBRES),
    fc.double({ min: 0, max: 1e9, noNaN: true }),
  );
  fc.assert(
    fc.property(some, (sum) => {
      const mean = meanComposition(sum);
      const hundredths = mean.reduce((all, { percent }) => all + Math.round(percent * 100), 0);
      expect(hundredths).toBe(mean.length === 0 ? 0 : 10_000);
      expect(mean.every(({ percent }) => percent > 0)).toBe(true);
    }),
  );
});
