/** From the wavelengths of an instrument to those of a model. */
import type { RegularGrid } from './spectrum.ts';

/**
 * Where the source is finer than half a step of the grid, the mean over one step around each point: a cubic through
 * neighbours would keep the noise. Elsewhere a natural cubic spline through the source's points.
 *
 * @param from wavelengths of the source, nm, strictly rising, at least two
 * @returns a value for each point of the grid; NaN where the source does not reach: nothing is extrapolated.
 */
export function resample(from: Float64Array, values: Float64Array, grid: RegularGrid): Float64Array {
  const last = from.length - 1;
  const spacing = (at(from, last) - at(from, 0)) / last;
  return spacing < grid.step / 2 ? averaged(from, values, grid) : splined(from, values, grid);
}

/** How far past its last point a source counts as reaching, as written numbers are rounded, nm. */
export const REACH_NM = 1e-3;

function splined(from: Float64Array, values: Float64Array, grid: RegularGrid): Float64Array {
  const curvature = naturalCurvature(from, values);
  const last = from.length - 1;
  let left = 0;
  return onGrid(grid, (nm) => {
    if (nm < at(from, 0) - REACH_NM || nm > at(from, last) + REACH_NM) return Number.NaN;
    while (left < last - 1 && at(from, left + 1) <= nm) left += 1;
    const width = at(from, left + 1) - at(from, left);
    const b = (nm - at(from, left)) / width;
    const a = 1 - b;
    const bend = (a ** 3 - a) * at(curvature, left) + (b ** 3 - b) * at(curvature, left + 1);
    return a * at(values, left) + b * at(values, left + 1) + (bend * width * width) / 6;
  });
}

/** Second derivatives at the points, none at the ends: a tridiagonal system, solved forth and back. */
function naturalCurvature(x: Float64Array, y: Float64Array): Float64Array {
  const n = x.length;
  const curvature = new Float64Array(n);
  const rest = new Float64Array(n);
  for (let i = 1; i < n - 1; i += 1) {
    const before = at(x, i) - at(x, i - 1);
    const after = at(x, i + 1) - at(x, i);
    const share = before / (before + after);
    const pivot = share * at(curvature, i - 1) + 2;
    const slopes = (at(y, i + 1) - at(y, i)) / after - (at(y, i) - at(y, i - 1)) / before;
    curvature[i] = (share - 1) / pivot;
    rest[i] = ((6 * slopes) / (before + after) - share * at(rest, i - 1)) / pivot;
  }
  for (let i = n - 2; i >= 0; i -= 1) curvature[i] = at(curvature, i) * at(curvature, i + 1) + at(rest, i);
  return curvature;
}

function averaged(from: Float64Array, values: Float64Array, grid: RegularGrid): Float64Array {
  const last = from.length - 1;
  /** Area under the straight lines between the points, up to each of them. */
  const area = new Float64Array(from.length);
  for (let i = 1; i <= last; i += 1) {
    area[i] = at(area, i - 1) + ((at(values, i) + at(values, i - 1)) / 2) * (at(from, i) - at(from, i - 1));
  }
  let left = 0;
  const areaTo = (nm: number): number => {
    while (left > 0 && at(from, left) > nm) left -= 1;
    while (left < last - 1 && at(from, left + 1) <= nm) left += 1;
    const width = at(from, left + 1) - at(from, left);
    const way = nm - at(from, left);
    const height = at(values, left) + ((at(values, left + 1) - at(values, left)) * way) / width;
    return at(area, left) + ((at(values, left) + height) / 2) * way;
  };
  return onGrid(grid, (nm) => {
    if (nm < at(from, 0) - REACH_NM || nm > at(from, last) + REACH_NM) return Number.NaN;
    // At an end the mean is over what there is, the same width on both sides of the point.
    const room = Math.min(nm - at(from, 0), at(from, last) - nm);
    const half = Math.min(grid.step / 2, Math.max(room, at(from, 1) - at(from, 0)));
    const low = Math.max(nm - half, at(from, 0));
    const high = Math.min(nm + half, at(from, last));
    return (areaTo(high) - areaTo(low)) / (high - low);
  });
}

function onGrid({ from, step, count }: RegularGrid, value: (nm: number) => number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i += 1) out[i] = value(from + i * step);
  return out;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
