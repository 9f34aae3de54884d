import { SHARES_MAX, type Share } from '@trame/protocol/material/move';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinShares, movesOfShares, shareOut, sum, takeMoves, takeShares, withoutShares } from './shares.ts';

const lotOf = (index: number) => `L${index + 1}`;

function contentsOf(grams: readonly number[]): Share[] {
  return grams.map((one, index) => ({ lot: lotOf(index), grams: one }));
}

const someLots = fc
  .array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 1, maxLength: SHARES_MAX })
  .map(contentsOf);
const manyLots = fc
  .array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: SHARES_MAX + 1, maxLength: 3 * SHARES_MAX + 7 })
  .map(contentsOf);

/** Of every contents, some part of it: from nothing to everything. */
function takenOf(contents: fc.Arbitrary<Share[]>) {
  return contents.chain((there) => fc.tuple(fc.constant(there), fc.integer({ min: 0, max: sum(there) })));
}

function gramsOf(shares: readonly Share[]): Map<string, number> {
  return new Map(shares.map(({ lot, grams }) => [lot, grams]));
}

describe('what is taken out of a mixture', () => {
  it('sums to what was asked for, and takes of no lot more than is there', () => {
    fc.assert(
      fc.property(takenOf(someLots), ([there, grams]) => {
        const taken = takeShares(there, grams);
        expect(sum(taken)).toBe(grams);
        const held = gramsOf(there);
        for (const share of taken) {
          expect(share.grams).toBeGreaterThan(0);
          expect(share.grams).toBeLessThanOrEqual(held.get(share.lot) ?? 0);
        }
        expect(gramsOf(taken).size).toBe(taken.length);
      }),
    );
  });

  it('is in proportion to what is there, to less than a gram', () => {
    fc.assert(
      fc.property(takenOf(someLots), ([there, grams]) => {
        const taken = gramsOf(takeShares(there, grams));
        for (const { lot, grams: held } of there) {
          expect(Math.abs((taken.get(lot) ?? 0) - (held * grams) / sum(there))).toBeLessThan(1.001);
        }
      }),
    );
  });

  it('does not hang on the order in which the lots are named', () => {
    const shuffled = takenOf(someLots).chain(([there, grams]) =>
      fc.tuple(
        fc.constant(there),
        fc.constant(grams),
        fc.shuffledSubarray(there, { minLength: there.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([there, grams, other]) => {
        expect(takeShares(other, grams)).toEqual(takeShares(there, grams));
      }),
    );
  });

  it('gives a gram that two lots have the same claim to, to the one whose name comes first', () => {
    const even = [
      { lot: 'L2', grams: 50 },
      { lot: 'L1', grams: 50 },
    ];
    expect(gramsOf(takeShares(even, 51))).toEqual(
      new Map([
        ['L1', 26],
        ['L2', 25],
      ]),
    );
    expect(takeShares(even, 1)).toEqual([{ lot: 'L1', grams: 1 }]);
  });

  it('is everything when everything is taken', () => {
    fc.assert(
      fc.property(someLots, (there) => {
        expect(gramsOf(takeShares(there, sum(there)))).toEqual(gramsOf(there));
      }),
    );
  });

  it('is never more than there is', () => {
    expect(() => takeShares([{ lot: 'L1', grams: 10 }], 11)).toThrow('11 g cannot be taken from 10 g');
    expect(() => takeShares([], 1)).toThrow('1 g cannot be taken from 0 g');
  });

  it('comes from the largest lots where more are mixed than one movement tells apart', () => {
    const there = contentsOf(Array.from({ length: SHARES_MAX + 50 }, (_, index) => index + 1));
    const taken = takeShares(there, 5_000);
    expect(taken.length).toBeLessThanOrEqual(SHARES_MAX);
    expect(sum(taken)).toBe(5_000);
    expect(taken.some(({ lot }) => lot === 'L50')).toBe(false);
    expect(() => takeShares(there, sum(there))).toThrow(`more than ${SHARES_MAX} source lots`);
  });
});

describe('what is shared out', () => {
  it('sums to what was asked for whatever the weights sum to, in proportion to less than a gram', () => {
    const huge = fc.integer({ min: 1, max: 1_000_000_000 });
    fc.assert(
      fc.property(someLots, huge, (weights, grams) => {
        const parts = gramsOf(shareOut(weights, grams));
        expect(sum([...parts].map(([lot, one]) => ({ lot, grams: one })))).toBe(grams);
        for (const { lot, grams: weight } of weights) {
          const exact = Number((BigInt(weight) * BigInt(grams) * 1_000n) / BigInt(sum(weights))) / 1_000;
          expect(Math.abs((parts.get(lot) ?? 0) - exact)).toBeLessThan(1.002);
        }
      }),
    );
  });

  it('needs somebody to be shared out among', () => {
    expect(shareOut([], 0)).toEqual([]);
    expect(() => shareOut([], 1)).toThrow('1 g have nobody to be shared out among');
  });
});

describe('movements', () => {
  it('carry any part of any number of lots, in movements that the ledger takes', () => {
    fc.assert(
      fc.property(takenOf(fc.oneof(someLots, manyLots)), ([there, grams]) => {
        const moves = takeMoves('bin:tri-1/creme', 'output:B1', there, grams);
        const taken = moves.flatMap(({ shares }) => shares ?? []);
        expect(sum(taken)).toBe(grams);
        for (const { shares } of moves) {
          expect(shares?.length).toBeGreaterThan(0);
          expect(shares?.length).toBeLessThanOrEqual(SHARES_MAX);
        }
        const held = gramsOf(there);
        for (const share of joinShares(taken)) {
          expect(share.grams).toBeLessThanOrEqual(held.get(share.lot) ?? 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('move nothing that is not there', () => {
    expect(() => takeMoves('line:tri-1', 'bin:tri-1/creme', [{ lot: 'L1', grams: 5 }], 6)).toThrow(
      '6 g cannot be taken from 5 g',
    );
    expect(takeMoves('line:tri-1', 'bin:tri-1/creme', [], 0)).toEqual([]);
    expect(movesOfShares('line:tri-1', 'bin:tri-1/creme', [])).toEqual([]);
  });

  it('leave what was not taken', () => {
    fc.assert(
      fc.property(takenOf(someLots), ([there, grams]) => {
        const taken = takeShares(there, grams);
        const left = withoutShares(there, taken);
        expect(sum(left)).toBe(sum(there) - grams);
        expect(gramsOf(joinShares(left, taken))).toEqual(gramsOf(there));
      }),
    );
  });
});
