import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { innerPoint, type Inequality } from './solve-inequalities.ts';

const ENOUGH = 4;

function slack({ coefficients, atMost }: Inequality, values: readonly number[]): number {
  return atMost - coefficients.reduce((sum, one, index) => sum + one * (values[index] ?? 0), 0);
}

/** How far a point keeps away from what it should keep away from; null: it breaks a limit. */
function distanceOf(inequalities: readonly Inequality[], values: readonly number[]): number | null {
  if (inequalities.some((one) => slack(one, values) < -1e-6)) return null;
  const inside = inequalities.filter((one) => one.inside).map((one) => slack(one, values));
  return Math.min(ENOUGH, ...inside);
}

const small = fc.integer({ min: -3, max: 3 });
const inequality = fc.record({
  coefficients: fc.array(small, { minLength: 3, maxLength: 3 }),
  atMost: fc.integer({ min: -12, max: 12 }),
  inside: fc.boolean(),
});

describe('a point inside of inequalities', () => {
  it('satisfies them all, and no point of a grid satisfies them better or when there is said to be none', () => {
    const grid: number[][] = [];
    for (let x = 0; x <= 6; x += 1) {
      for (let y = 0; y <= 6; y += 1) for (let z = 0; z <= 6; z += 1) grid.push([x, y, z]);
    }
    fc.assert(
      fc.property(fc.array(inequality, { minLength: 1, maxLength: 7 }), (inequalities) => {
        const point = innerPoint(3, inequalities, ENOUGH);
        const best = Math.max(-1, ...grid.map((values) => distanceOf(inequalities, values) ?? -1));
        expect(point?.distance ?? -1).toBeGreaterThanOrEqual(best - 1e-6);
        if (point === null) return;
        expect(point.values.every((value) => value >= 0)).toBe(true);
        expect(distanceOf(inequalities, point.values)).toBeCloseTo(point.distance, 6);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps half-way between two limits', () => {
    const point = innerPoint(
      1,
      [
        { coefficients: [1], atMost: 30, inside: true },
        { coefficients: [-1], atMost: -20, inside: true },
      ],
      100,
    );
    expect(point).toEqual({ values: [25], distance: 5 });
  });

  it('finds the one point at which two limits touch', () => {
    const point = innerPoint(
      1,
      [
        { coefficients: [1], atMost: 20, inside: false },
        { coefficients: [-1], atMost: -20, inside: true },
      ],
      100,
    );
    expect(point).toEqual({ values: [20], distance: 0 });
  });
});
