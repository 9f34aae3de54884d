/** Where a series has no values. */

/** First and last index of a run without values. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export function gapsOf(values: readonly (number | null)[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let from: number | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null) from ??= index;
    else if (from !== null) {
      gaps.push({ from, to: index - 1 });
      from = null;
    }
  }
  if (from !== null) gaps.push({ from, to: values.length - 1 });
  return gaps;
}
