import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOf, type FractionPiece } from './fraction.ts';
import { chance, runSeed, type Chance } from './test-chance.ts';

const NO_BIAS = { biasPoints: 0, kilograms: null };
const piece = (cotton: number | null, weightG: number | null = null, errorPoints = 0): FractionPiece => ({
  composition: cotton === null ? null : { cotton, polyester: 100 - cotton },
  errorPoints,
  weightG,
});
const errors = (pieces: readonly FractionPiece[], more: object = {}) =>
  fractionOf(pieces, { ...NO_BIAS, ...more }).shares.map(({ errorPoints }) => errorPoints);

describe('the composition of a heap', () => {
  it('is that of its mass where every piece was weighed, else that of its pieces', () => {
    const byMass = fractionOf([piece(100, 100), piece(0, 300)], { ...NO_BIAS, kilograms: 0.4 });
    expect(byMass).toMatchObject({ basis: 'mass', describedPercent: 100, pieces: 2, described: 2 });
    expect(byMass.shares.map(({ fibre, percent, kilograms }) => [fibre, percent, kilograms])).toEqual([
      ['polyester', 75, 0.3],
      ['cotton', 25, 0.1],
    ]);
    const byCount = fractionOf([piece(100, 100), piece(0)], NO_BIAS);
    expect([byCount.basis, byCount.shares[0]?.percent, byCount.shares[0]?.kilograms]).toEqual([
      'count',
      50,
      null,
    ]);
  });

  it('tells how much of it was described', () => {
    expect(fractionOf([piece(50, 100), piece(null, 300)], NO_BIAS)).toMatchObject({
      described: 1,
      describedPercent: 25,
      basis: 'mass',
    });
    expect(fractionOf([piece(50, 100), piece(null)], NO_BIAS).describedPercent).toBe(50);
    const nothing = { pieces: 1, described: 0, describedPercent: 0, basis: 'count', shares: [] };
    expect(fractionOf([piece(null, 5)], NO_BIAS)).toEqual(nothing);
    expect(fractionOf([], NO_BIAS)).toEqual({ ...nothing, pieces: 0 });
  });

  it('errs by the error of one reading over the root of their number, when all were read and weighed', () => {
    const pieces = Array.from({ length: 100 }, (_, index) => piece(index, 200, 5));
    for (const error of errors(pieces)) expect(error).toBeCloseTo(0.5, 12);
  });

  it('errs by the spread between pieces where few of many were read', () => {
    const read = Array.from({ length: 25 }, (_, index) => piece(index % 2 === 0 ? 100 : 0, 200));
    const others = Array.from({ length: 1_000_000 }, () => piece(null, 200));
    // Standard deviation of 13 hundreds and 12 zeros, over 5.
    for (const error of errors([...read, ...others])) expect(error).toBeCloseTo(50.9902 / 5, 3);
    for (const error of errors([piece(100), piece(null), piece(null)])) expect(error).toBeGreaterThan(40);
  });

  it('is never known better than the bias of the model, nor worse for another order of the pieces', () => {
    const some = fc.array(
      fc.record({
        cotton: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { freq: 5 }),
        weight: fc.option(fc.double({ min: 1, max: 5000, noNaN: true }), { freq: 20 }),
        error: fc.double({ min: 0, max: 30, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 10, noNaN: true }), (made, biasPoints) => {
        const pieces = made.map(({ cotton, weight, error }) => piece(cotton, weight, error));
        const { shares } = fractionOf(pieces, { biasPoints, kilograms: 10 });
        const turned = fractionOf(pieces.toReversed(), { biasPoints, kilograms: 10 }).shares;
        const sum = shares.reduce((total, { percent }) => total + percent, 0);
        expect(shares.length === 0 ? 100 : sum).toBeCloseTo(100, 6);
        for (const { fibre, percent, errorPoints, errorKilograms } of shares) {
          expect(errorPoints).toBeGreaterThanOrEqual(biasPoints - 1e-12);
          expect(errorKilograms).toBeCloseTo(errorPoints / 10, 9);
          const other = turned.find((one) => one.fibre === fibre);
          expect(other?.percent).toBeCloseTo(percent, 6);
          expect(other?.errorPoints).toBeCloseTo(errorPoints, 6);
        }
      }),
    );
  });
});

/** A heap, its readings, and the cotton that is in its mass. */
function heap({ next, normal }: Chance, size: number, read: number, areWeighed: boolean, bias: number) {
  let [mass, cottonMass] = [0, 0];
  const pieces = Array.from({ length: size }, (_, index) => {
    const weight = 150 * Math.exp(0.6 * normal());
    const truth = next() < 0.6 ? 100 : next() < 0.5 ? 0 : 60;
    mass += weight;
    cottonMass += (weight * truth) / 100;
    const seen = truth + 4 * normal() + bias;
    return piece(index < read ? Math.min(100, Math.max(0, seen)) : null, areWeighed ? weight : null, 4);
  });
  return { pieces, truth: (100 * cottonMass) / mass };
}

describe('the interval of a heap', () => {
  it('holds the truth as often as it says, weighed or not, read whole or in part', () => {
    const seed = runSeed();
    const luck = chance(seed);
    const rows: string[] = [];
    for (const areWeighed of [true, false]) {
      for (const [size, read] of [
        [30, 30],
        [200, 200],
        [200, 100],
        [400, 40],
      ] as const) {
        let [held, width] = [0, 0];
        const rounds = 400;
        for (let round = 0; round < rounds; round += 1) {
          // Of all readings alike; which way, changes from one model to the next.
          const { pieces, truth } = heap(luck, size, read, areWeighed, 2 * luck.normal());
          const found = fractionOf(pieces, { biasPoints: 2, kilograms: null }).shares;
          const cotton = found.find(({ fibre }) => fibre === 'cotton');
          const half = 1.96 * (cotton?.errorPoints ?? 0);
          held += Math.abs((cotton?.percent ?? 0) - truth) <= half ? 1 : 0;
          width += half / rounds;
        }
        const percent = (100 * held) / rounds;
        rows.push(
          `${read} of ${size} ${areWeighed ? 'weighed' : 'counted'}: ${percent} % ± ${width.toFixed(1)}`,
        );
        expect([percent, rows.at(-1)]).toEqual([expect.toSatisfy((one: number) => one >= 88), rows.at(-1)]);
      }
    }
    process.stdout.write(`truth within 95 % intervals (seed ${seed}): ${rows.join('; ')}\n`);
  });
});
