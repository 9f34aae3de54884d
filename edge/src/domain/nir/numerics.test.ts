import { fcnnlsVector } from 'ml-fcnnls';
import { sgg } from 'ml-savitzky-golay-generalized';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitNonNegative } from './fit-non-negative.ts';
import { resample } from './resample.ts';
import { solveSymmetric } from './solve-symmetric.ts';
import { wavelengthsOf } from './spectrum.ts';
import { fitOffsetSlope, fitStandardisation, standardised } from './standardise.ts';
import { BANDS, GRID, spectrum, type Material } from './test-spectra.ts';
import { secondDerivative, secondDerivativeTaps } from './unit-shape.ts';

const value = fc.double({ min: -10, max: 10, noNaN: true });
const product = (A: readonly (readonly number[])[]) =>
  (A[0] ?? []).map((_, i) =>
    (A[0] ?? []).map((_, j) => A.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
  );

describe('the second derivative', () => {
  it('is that of ml-savitzky-golay-generalized, for every window', () => {
    const { values } = spectrum({ of: { cotton: 0.4, nylon: 0.6 }, slope: 0.2 });
    for (const window of [5, 13, 21, 31]) {
      const half = (window - 1) / 2;
      const own = secondDerivative(values, {
        taps: secondDerivativeTaps(window),
        first: half,
        last: 185 - half,
      });
      const theirs = sgg(values as number[], 1, { windowSize: window, derivative: 2, polynomial: 2 });
      own.forEach((value, i) => expect(value).toBeCloseTo(theirs[half + i] ?? Number.NaN, 12));
    }
  });

  it('of a parabola is its bend, and of a line nothing', () => {
    const bend = Array.from({ length: 40 }, (_, i) => 3 + 2 * i + 0.5 * i * i);
    const taps = secondDerivativeTaps(13);
    for (const one of secondDerivative(bend, { taps, first: 6, last: 33 })) expect(one).toBeCloseTo(1, 10);
    const line = bend.map((_, i) => 5 - i);
    for (const one of secondDerivative(line, { taps, first: 6, last: 33 })) expect(one).toBeCloseTo(0, 10);
  });
});

describe('least squares without negative shares', () => {
  const system = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.record({
      A: fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: n + 3, maxLength: n + 3 }),
      y: fc.array(value, { minLength: n + 3, maxLength: n + 3 }),
    }),
  );

  it('leave no share that could be moved to come nearer', () => {
    fc.assert(
      fc.property(system, ({ A, y }) => {
        const G = product(A);
        const b = G.map((_, i) => A.reduce((sum, row, k) => sum + (row[i] ?? 0) * (y[k] ?? 0), 0));
        const c = fitNonNegative(G, b);
        const scale = 1 + Math.max(...b.map(Math.abs), ...G.flat().map(Math.abs), ...c);
        c.forEach((share, i) => {
          expect(share).toBeGreaterThanOrEqual(0);
          const slope = (b[i] ?? 0) - (G[i] ?? []).reduce((sum, g, j) => sum + g * (c[j] ?? 0), 0);
          // A share in use lies where the slope is flat; one that is not used would only lead away.
          expect(slope).toBeLessThan(1e-6 * scale);
          expect(share === 0 || slope > -1e-6 * scale).toBe(true);
        });
      }),
    );
  });

  it('are those of ml-fcnnls', () => {
    const materials = (Object.keys(BANDS) as Material[]).filter((id) => id !== 'polypropylene');
    const columns = materials.map((id) => Array.from(spectrum({ of: { [id]: 1 }, offset: 0 }).values));
    const A = Array.from({ length: GRID.count }, (_, i) => columns.map((column) => column[i] ?? 0));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 6, maxLength: 6 }),
        fc.array(value, { minLength: 186, maxLength: 186 }),
        (shares, noise) => {
          const y = A.map((row, i) =>
            row.reduce((sum, a, j) => sum + a * (shares[j] ?? 0), 0.01 * (noise[i] ?? 0)),
          );
          const b = columns.map((column) => column.reduce((sum, a, i) => sum + a * (y[i] ?? 0), 0));
          const own = fitNonNegative(product(A), b);
          const theirs = fcnnlsVector(A, y).K.to1DArray();
          own.forEach((share, i) => expect(share).toBeCloseTo(theirs[i] ?? Number.NaN, 5));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('end where two shapes are one and the same', () => {
    const c = fitNonNegative(
      [
        [1, 1],
        [1, 1],
      ],
      [2, 2],
    );
    expect((c[0] ?? 0) + (c[1] ?? 0)).toBeCloseTo(2, 5);
  });
});

it('a symmetric system is solved', () => {
  const x = solveSymmetric(
    [
      [4, 2, 0],
      [2, 5, 1],
      [0, 1, 3],
    ],
    [8, 15, 11],
  );
  [1, 2, 3].forEach((expected, i) => expect(x[i]).toBeCloseTo(expected, 9));
});

function smooth(nm: number): number {
  return Math.sin(nm / 80) + 0.001 * nm;
}

describe('another grid', () => {
  it.each([2, 3, 5.7, 1, 0.5])('every %d nm gives the same values', (step) => {
    const nm = Float64Array.from({ length: Math.floor(800 / step) }, (_, i) => 920 + i * step);
    const got = resample(nm, nm.map(smooth), GRID);
    wavelengthsOf(GRID).forEach((at, i) => {
      const isCovered = at >= 920 && at <= (nm.at(-1) ?? 0);
      const error = Math.abs((got[i] ?? 0) - smooth(at));
      expect(isCovered ? error < 1e-3 : Number.isNaN(error)).toBe(true);
    });
  });

  it('gives nothing where the source does not reach', () => {
    const nm = Float64Array.from({ length: 100 }, (_, i) => 1100 + 4 * i);
    const got = resample(nm, nm.map(smooth), GRID);
    expect([got[39], got[140]]).toEqual([Number.NaN, Number.NaN]);
    expect(got[40]).toBeCloseTo(smooth(1100), 6);
    expect(got[139]).toBeCloseTo(smooth(1496), 6);
  });
});

/** Blurred over neighbours, shifted by half a step, and louder. */
function slave(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  return all.map((value, i) => {
    const [before, after] = [all[i - 1] ?? value, all[i + 1] ?? value];
    return 0.1 + 1.2 * (0.2 * before + 0.5 * value + 0.3 * after);
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
}

describe('from one instrument to another', () => {
  const materials = ['cotton', 'polyester', 'nylon', 'wool'] as const;
  const taps = secondDerivativeTaps(13);
  const own = (values: ArrayLike<number>) => secondDerivative(values, { taps, first: 40, last: 179 });
  it('piecewise standardisation brings unseen cloth nearer than it was', () => {
    const pairs = materials.slice(0, 3).map((id) => {
      const { values } = spectrum({ of: { [id]: 1 } });
      return { master: own(values), slave: own(slave(values)) };
    });
    const way = fitStandardisation(pairs);
    const { values } = spectrum({ of: { cotton: 0.3, nylon: 0.7 }, gain: 0.8 });
    const before = distance(own(slave(values)), own(values));
    expect(distance(standardised(own(slave(values)), way), own(values))).toBeLessThan(before / 5);
    expect(() => fitStandardisation([])).toThrow('at least one swatch');
  });

  it('offset and slope are found again', () => {
    const pairs = materials.map((id) => {
      const master = Float64Array.from(spectrum({ of: { [id]: 1 } }).values);
      return { master, slave: master.map((value) => (value - 0.07) / 1.3) };
    });
    const { offset, slope } = fitOffsetSlope(pairs);
    expect(offset).toBeCloseTo(0.07, 9);
    expect(slope).toBeCloseTo(1.3, 9);
    const flat = new Float64Array(5);
    expect(() => fitOffsetSlope([{ master: flat, slave: flat }])).toThrow('differ');
  });
});
