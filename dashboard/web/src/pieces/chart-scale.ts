/** Scales and paths of a small drawing: pure. Sizes in px. */

/** Where a value of the figure lies in the drawing. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly at: number }[];
  /** Decimals with which neighbouring ticks differ. */
  readonly decimals: number;
}

/** Steps that people read: 1, 2 or 5 times a power of ten. */
export function tickStep(span: number, count: number): number {
  const least = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

/**
 * @param low,high what is shown; where they are the same, or no numbers, half a unit is shown to each side.
 * @param from,to where they lie, in px.
 */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count: number,
): Scale {
  const isRange = Number.isFinite(low) && Number.isFinite(high) && high > low;
  const start = isRange ? low : (Number.isFinite(low) ? low : 0) - 0.5;
  const end = isRange ? high : start + 1;
  const at = (value: number): number => round(from + ((value - start) / (end - start)) * (to - from));
  const step = tickStep(end - start, count);
  const ticks: { value: number; at: number }[] = [];
  for (let i = Math.ceil(start / step - 1e-9); i * step <= end + step * 1e-9; i += 1) {
    ticks.push({ value: i * step, at: at(i * step) });
  }
  return { at, ticks, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** @returns least and greatest of what is a number; null: there is none. */
export function extent(lists: readonly (readonly (number | null)[])[]): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (value === null || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? null : [low, high];
}

/** @returns an SVG path that is broken where a value is missing. */
export function curvePath(
  xs: readonly number[],
  ys: readonly (number | null)[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let isDrawing = false;
  for (const [index, xValue] of xs.entries()) {
    const yValue = ys[index] ?? null;
    if (yValue === null || !Number.isFinite(yValue)) {
      isDrawing = false;
      continue;
    }
    path += `${isDrawing ? 'L' : 'M'}${x(xValue)} ${y(yValue)}`;
    isDrawing = true;
  }
  return path;
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
