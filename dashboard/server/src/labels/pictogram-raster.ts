/** Pictograms as dots, for printers that know no outlines. */
import { flattenPath, type Point } from './flatten-path.ts';
import { PICTOGRAM_GRID, PICTOGRAM_STROKE, pictogramOutline, type PictogramId } from './pictograms.ts';

/** Rows of dots: true is black. */
export type Raster = readonly (readonly boolean[])[];

/** Some printers' memory is small, and nobody needs a larger picture on a label. */
const MAX_DOTS = 400;

/** @param dots side of the square. @returns a square raster of the stroked outline. */
export function pictogramRaster(pictogram: PictogramId, dots: number): Raster {
  if (!Number.isInteger(dots) || dots < 1 || dots > MAX_DOTS)
    throw new RangeError(`a pictogram of ${dots} dots, from 1 to ${MAX_DOTS}`);
  const rows = Array.from({ length: dots }, () => Array.from({ length: dots }, () => false));
  const scale = dots / PICTOGRAM_GRID;
  const reach = (PICTOGRAM_STROKE / 2) * scale;
  for (const line of flattenPath(pictogramOutline(pictogram))) {
    const points = line.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
    for (const [index, to] of points.entries()) {
      const from = points[index - 1];
      if (from !== undefined) blacken(rows, from, to, reach);
    }
  }
  return rows;
}

/** Blackens every dot whose middle lies within `reach` of a straight stroke. */
function blacken(rows: boolean[][], from: Point, to: Point, reach: number): void {
  const low = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const high = (a: number, b: number) => Math.min(rows.length - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = low(from.y, to.y); y <= high(from.y, to.y); y += 1) {
    const row = rows[y] ?? [];
    for (let x = low(from.x, to.x); x <= high(from.x, to.x); x += 1)
      if (distance({ x: x + 0.5, y: y + 0.5 }, from, to) <= reach) row[x] = true;
  }
}

function distance(point: Point, from: Point, to: Point): number {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const squared = along.x ** 2 + along.y ** 2;
  const dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
  const t = squared === 0 ? 0 : Math.min(1, Math.max(0, dot / squared));
  return Math.hypot(point.x - from.x - t * along.x, point.y - from.y - t * along.y);
}
