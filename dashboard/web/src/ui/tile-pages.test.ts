import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tileGrid, tilePages, TILES_MAX } from './tile-pages.ts';

/** Of so many tiles in a row. */
const side = (count: number): number => count * 151 + (count - 1) * 19;

it('tiles are never smaller than asked, and never more than twelve', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 4000 }),
      fc.integer({ min: 150, max: 3000 }),
      (widthPx, heightPx) => {
        const { columns, rows } = tileGrid({ widthPx, heightPx, tilePx: 151, gapPx: 19 });
        expect(columns * rows).toBeGreaterThan(0);
        expect(columns * rows).toBeLessThanOrEqual(TILES_MAX);
        expect(side(columns)).toBeLessThanOrEqual(Math.max(151, widthPx));
        expect(side(rows)).toBeLessThanOrEqual(Math.max(151, heightPx));
      },
    ),
  );
});

it('a page holds one group, all tiles are on some page, in order within their group', () => {
  const tile = fc.record({ id: fc.nat(), group: fc.constantFrom('a', 'b', null) });
  fc.assert(
    fc.property(fc.array(tile, { maxLength: 64 }), fc.integer({ min: 1, max: 12 }), (tiles, perPage) => {
      const pages = tilePages(tiles, perPage);
      expect(pages.flatMap((page) => page.tiles)).toHaveLength(tiles.length);
      for (const page of pages) {
        expect(page.tiles.length).toBeLessThanOrEqual(perPage);
        expect(pages.length === 1 || page.tiles.every(({ group }) => group === page.group)).toBe(true);
      }
      for (const group of ['a', 'b', null]) {
        const of = (list: typeof tiles): number[] =>
          list.filter((one) => one.group === group).map(({ id }) => id);
        expect(of(pages.flatMap((page) => [...page.tiles]))).toEqual(of(tiles));
      }
    }),
  );
});
