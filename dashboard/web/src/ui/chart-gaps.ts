/** Where a series has no values, and where values are known to be lost. */

/** First and last index of a run without values. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * @returns the gaps after the first value. What lies before it is no gap: a line begins where it begins.
 */
export function gapsOf(values: readonly (number | null)[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let from: number | null = null;
  let begun = false;
  for (const [index, value] of values.entries()) {
    begun ||= value !== null;
    if (!begun) continue;
    if (value === null) from ??= index;
    else if (from !== null) {
      gaps.push({ from, to: index - 1 });
      from = null;
    }
  }
  if (from !== null) gaps.push({ from, to: values.length - 1 });
  return gaps;
}

/** A stretch in which values are known to be lost, ms since 1970 UTC, both ends included. */
export interface Loss {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * @param times ascending.
 * @returns indices `i` such that something was lost between `times[i]` and `times[i + 1]`: no line joins the two.
 */
export function brokenSegments(times: readonly number[], losses: readonly Loss[]): ReadonlySet<number> {
  const broken = new Set<number>();
  for (const { fromMs, toMs } of losses) {
    for (let index = firstSegment(times, fromMs); index < times.length - 1; index += 1) {
      if ((times[index] ?? 0) > toMs) break;
      broken.add(index);
    }
  }
  return broken;
}

/** @returns the first segment that ends at `ms` or later. */
function firstSegment(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((times[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** @returns indices of values that no line can show: none beside them, or nothing that may be joined to them. */
export function loneValues(
  values: readonly (number | null)[],
  broken: ReadonlySet<number> = new Set(),
): number[] {
  const joined = (index: number): boolean =>
    !broken.has(index) && (values[index] ?? null) !== null && (values[index + 1] ?? null) !== null;
  return [...values.keys()].filter((index) => values[index] !== null && !joined(index - 1) && !joined(index));
}
