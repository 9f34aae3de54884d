import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaBelow, betaQuantile, studentT95 } from './beta-distribution.ts';

describe('the beta distribution', () => {
  it('sums binomial probabilities', () => {
    // P(X >= k) of n tries is I_p(k, n - k + 1).
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(1_000),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, draw, p) => {
          const k = 1 + (draw % n);
          let sum = 0;
          for (let i = k; i <= n; i += 1) sum += choose(n, i) * p ** i * (1 - p) ** (n - i);
          expect(betaBelow(k, n - k + 1, p)).toBeCloseTo(sum, 10);
        },
      ),
    );
  });

  it('is found again from its quantile, also where it is very skewed or narrow', () => {
    const shape = fc.double({ min: 0.05, max: 50_000, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, p) => {
        const x = betaQuantile(a, b, p);
        // Where the density is huge, the finest number is as near as it gets.
        fc.pre(x > 1e-12 && x < 1 - 1e-12);
        expect(betaBelow(a, b, x)).toBeCloseTo(p, 6);
      }),
    );
  });

  it.each([
    [1, 12.706],
    [2, 4.303],
    [5, 2.571],
    [30, 2.042],
    [1_000, 1.962],
  ])('gives Student’s t of the tables, %d degrees of freedom', (freedom, t) => {
    expect(studentT95(freedom)).toBeCloseTo(t, 3);
  });
});
