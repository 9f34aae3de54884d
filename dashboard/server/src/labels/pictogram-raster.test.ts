import { expect, test } from 'vitest';
import { flattenPath } from './flatten-path.ts';
import { pictogramRaster, type Raster } from './pictogram-raster.ts';
import { PICTOGRAM_IDS, patternOf, pictogramOf } from './pictograms.ts';

const share = (raster: Raster) => raster.flat().filter(Boolean).length / raster.flat().length;

test.each(PICTOGRAM_IDS)('%s is drawn in dots: neither blank nor blot, and clear of the edges', (id) => {
  const raster = pictogramRaster(id, 160);
  expect(share(raster)).toBeGreaterThan(0.1);
  expect(share(raster)).toBeLessThan(0.5);
  const edge = [...(raster[0] ?? []), ...(raster.at(-1) ?? []), ...raster.map((row) => row[0] ?? false)];
  expect(edge).not.toContain(true);
});

test('the pictograms are different pictures', () => {
  const pictures = PICTOGRAM_IDS.map((id) => JSON.stringify(pictogramRaster(id, 40)));
  expect(new Set(pictures).size).toBe(PICTOGRAM_IDS.length);
});

test('curves end where they say, and lie where they should', () => {
  const [line = []] = flattenPath('M0 10A10 10 0 0 1 10 0');
  expect(line).toHaveLength(17);
  for (const { x, y } of line.slice(1)) expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(10, 9);
  expect(line.at(-1)).toEqual({ x: expect.closeTo(10, 9), y: expect.closeTo(0, 9) });
  const [cubic = []] = flattenPath('m1 1c0 3 3 3 3 0z');
  expect(cubic.at(-2)).toEqual({ x: 4, y: 1 });
  expect(cubic.at(-1)).toEqual({ x: 1, y: 1 });
  expect(cubic[8]).toEqual({ x: 2.5, y: 3.25 });
});

test('flags of arcs may touch the next number, and numbers one another', () => {
  const [line = []] = flattenPath('M2 0a1 1 0 012-.5.5.5 0 10.5.5');
  expect(line.at(-1)).toEqual({ x: expect.closeTo(4.5, 9), y: expect.closeTo(0, 9) });
});

test.each(['M0 0Q1 1 2 2', 'M0 0A1 2 0 0 1 3 3', 'M0 0L1 ?'])(
  '%s is refused rather than drawn wrongly',
  (data) => {
    expect(() => flattenPath(data)).toThrow(RangeError);
  },
);

test('outlets have the pictures and hatches of the screens', () => {
  expect(pictogramOf('effilochage', 'recycling')).toBe('spool');
  expect(pictogramOf('chaussures', 'reuse')).toBe('shirt');
  expect(pictogramOf('constructor', null)).toBe('recycle');
  expect(pictogramOf('hand', 'recycling')).toBe('hand');
  expect(Array.from({ length: 8 }, (_, index) => patternOf(index))).toEqual([
    'plain',
    'lines',
    'dots',
    'cross',
    'plain',
    'lines',
    'cross',
    'plain',
  ]);
});
