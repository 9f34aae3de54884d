/** Drawings of spectra and of shares: where things lie. */
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import {
  assert,
  constantFrom,
  double,
  integer,
  oneof,
  property,
  record,
  uniqueArray,
  array,
  constant,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curvePath, extent, linearScale, tickStep } from './chart-scale.ts';
import { shareLayout } from './share-layout.ts';
import { peakNm, SPECTRUM_WIDTH_MIN_PX, spectrumLayout } from './spectrum-layout.ts';

const grid = Array.from({ length: 186 }, (_, i) => 940 + 4 * i);

function same(value: number): number {
  return value;
}

describe('a scale', () => {
  it('is marked at steps that people read, all inside', () => {
    assert(
      property(
        double({ min: -1e6, max: 1e6, noNaN: true }),
        double({ min: 1e-3, max: 1e6, noNaN: true }),
        integer({ min: 1, max: 12 }),
        (low, span, count) => {
          const scale = linearScale([low, low + span], [10, 510], count);
          expect(scale.ticks.length).toBeLessThanOrEqual(count + 2);
          for (const { at } of scale.ticks) {
            expect(at).toBeGreaterThanOrEqual(10 - 0.1);
            expect(at).toBeLessThanOrEqual(510 + 0.1);
          }
        },
      ),
    );
    expect([tickStep(10, 5), tickStep(740, 7), tickStep(0.03, 5)]).toEqual([2, 200, 0.01]);
    expect(linearScale([0, 0.03], [0, 100], 5).decimals).toBe(2);
    expect(linearScale([940, 1680], [0, 100], 7).decimals).toBe(0);
  });

  it('shows a flat line and no numbers at all without failing', () => {
    for (const range of [
      [2, 2],
      [Number.NaN, Number.NaN],
    ] as const) {
      const scale = linearScale(range, [0, 100], 5);
      expect(Number.isFinite(scale.at(2))).toBe(true);
      expect(scale.ticks.length).toBeGreaterThan(0);
    }
  });

  it('breaks a curve where a value is missing', () => {
    expect(curvePath([1, 2, 3, 4, 5], [7, 8, null, 9, 10], same, same)).toBe('M1 7L2 8M4 9L5 10');
    expect(curvePath([1, 2], [null, Number.NaN], same, same)).toBe('');
    expect(
      extent([
        [null, 3],
        [Number.NaN, -1],
      ]),
    ).toEqual([-1, 3]);
    expect(extent([[null], []])).toBeNull();
  });
});

describe('a spectrum', () => {
  it('is drawn inside its frame, with the bands of water where its grid reaches', () => {
    const value = oneof(constant(null), double({ min: -3, max: 3, noNaN: true }));
    assert(
      property(
        array(value, { minLength: grid.length, maxLength: grid.length }),
        integer({ min: 100, max: 1600 }),
        (values, width) => {
          const layout = spectrumLayout(grid, [values], width);
          expect(layout === null).toBe(extent([values]) === null);
          if (layout === null) return;
          const { plot, paths, bands } = layout;
          expect(plot.right).toBeLessThanOrEqual(Math.max(width, SPECTRUM_WIDTH_MIN_PX));
          for (const [, x = '', y = ''] of (paths[0] ?? '').matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/gu)) {
            expect(Number(x)).toBeGreaterThanOrEqual(plot.left);
            expect(Number(x)).toBeLessThanOrEqual(plot.right);
            expect(Number(y)).toBeGreaterThanOrEqual(plot.top);
            expect(Number(y)).toBeLessThanOrEqual(plot.bottom);
          }
          expect(bands.map(({ nm }) => nm)).toEqual([1150, 1450]);
        },
      ),
      { numRuns: 50 },
    );
    expect(spectrumLayout([1200, 1204], [[1, 2]], 500)?.bands).toEqual([]);
    expect(spectrumLayout([], [[]], 500)).toBeNull();
    expect(spectrumLayout([1200], [[1]], 500)).toBeNull();
  });

  it('has its peak where it is highest', () => {
    expect(peakNm([1, 2, 3], [0.1, null, 0.3])).toBe(3);
    expect(peakNm([1, 2], [null, null])).toBeNull();
  });
});

describe('shares', () => {
  it('lie on one scale, largest first, with an error that never leaves 0 to 100 %', () => {
    const share = record({
      fibre: constantFrom(...RECOGNISED_FIBRES),
      percent: double({ min: 0, max: 100, noNaN: true }),
    });
    assert(
      property(
        uniqueArray(share, { selector: ({ fibre }) => fibre, maxLength: 6 }),
        oneof(constant(null), double({ min: 0, max: 100, noNaN: true })),
        integer({ min: 160, max: 900 }),
        (shares, errorPoints, width) => {
          const { bars, height, markY } = shareLayout(shares, errorPoints, width);
          const order = bars.map((bar) => bar.share.percent);
          expect(order).toEqual(order.toSorted((a, b) => b - a));
          expect(height).toBeGreaterThan(markY);
          for (const bar of bars) {
            expect(bar.y + bar.height).toBeLessThanOrEqual(markY);
            expect(bar.width).toBeLessThanOrEqual(width);
            expect(bar.error === null).toBe(errorPoints === null);
            if (bar.error === null) continue;
            expect(bar.error.from).toBeGreaterThanOrEqual(0);
            expect(bar.error.to).toBeLessThanOrEqual(width);
            expect(bar.error.from).toBeLessThanOrEqual(bar.error.to);
          }
        },
      ),
    );
  });
});
