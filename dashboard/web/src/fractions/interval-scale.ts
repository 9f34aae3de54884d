/** Where rates and their intervals lie on one scale that all rows of a table share. */

/** Steps of the scale's end, percent: rates stay comparable from month to month. */
const ENDS = [10, 20, 50, 100] as const;

/** @param highs upper ends of the intervals, percent. @returns end of the scale, percent. */
export function scaleEnd(highs: readonly number[]): number {
  const most = Math.max(0, ...highs);
  return ENDS.find((end) => most <= end) ?? 100;
}

interface IntervalPlace {
  /** From the left, % of the width. */
  readonly left: number;
  readonly width: number;
  readonly dot: number;
}

export function intervalPlace(
  {
    percent,
    lowPercent,
    highPercent,
  }: { readonly percent: number; readonly lowPercent: number; readonly highPercent: number },
  end: number,
): IntervalPlace {
  const at = (value: number) => Math.min(100, Math.max(0, (value / end) * 100));
  return { left: at(lowPercent), width: at(highPercent) - at(lowPercent), dot: at(percent) };
}
