/** Where a series has no values. */

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

/** @returns indices of values that have none beside them: no line can show them. */
export function loneValues(values: readonly (number | null)[]): number[] {
  return [...values.keys()].filter(
    (index) =>
      values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null,
  );
}
