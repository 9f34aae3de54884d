import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_SPAN, pushPoint, rateKgPerHour, STEADY_SPAN, type RateWindow } from './rate-window.ts';

function windowOf(
  points: readonly (readonly [atMs: number, grams: number])[],
  span = STEADY_SPAN,
): RateWindow {
  return points.reduce<RateWindow>(
    (window, [atMs, grams]) => pushPoint(window, { atMs, grams: BigInt(grams) }, span),
    [],
  );
}

/** One point a second, so many grams in each. */
function steady(seconds: number, gramsPerSecond: number): readonly (readonly [number, number])[] {
  return Array.from(
    { length: seconds + 1 },
    (_, second) => [second * 1000, second * gramsPerSecond] as const,
  );
}

describe('the rate over a sliding minute', () => {
  it('is unknown until there is some history', () => {
    expect(rateKgPerHour([], STEADY_SPAN)).toBeNull();
    expect(rateKgPerHour(windowOf(steady(4, 100)), STEADY_SPAN)).toBeNull();
    expect(rateKgPerHour(windowOf(steady(5, 100)), STEADY_SPAN)).toBe(360);
  });

  it('forgets what is older than a minute', () => {
    const stopped = windowOf([
      ...steady(30, 1000),
      ...steady(200, 0).map(([at]) => [31_000 + at, 30_000] as const),
    ]);
    expect(rateKgPerHour(stopped, STEADY_SPAN)).toBe(0);
  });

  it('of batches does not leap with each of them', () => {
    const cages = Array.from({ length: 60 }, (_, minute) => [minute * 60_000, minute * 15_000] as const);
    const rates = cages
      .slice(20)
      .map((_, index) => rateKgPerHour(windowOf(cages.slice(0, index + 21), BATCH_SPAN), BATCH_SPAN));
    expect(new Set(rates)).toEqual(new Set([900]));
  });

  it('stays bounded however often it is fed', () => {
    const often = Array.from({ length: 5000 }, (_, index) => [index * 50, index] as const);
    expect(windowOf(often).length).toBeLessThanOrEqual((2 * STEADY_SPAN.windowMs) / STEADY_SPAN.stepMs + 2);
  });

  it('is never negative and never more than what fell in the window allows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ waitMs: fc.nat(9000), grams: fc.nat(5000) }), { minLength: 2 }),
        (steps) => {
          let atMs = 0;
          let grams = 0;
          const points = steps.map((step) => [(atMs += step.waitMs), (grams += step.grams)] as const);
          const rate = rateKgPerHour(windowOf(points), STEADY_SPAN) ?? 0;
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual((grams / 1000 / 5) * 3600 + 0.1);
        },
      ),
    );
  });
});
