/**
 * Runs of missed numbers of one instrument. A run tells of the numbers in it that no weighing and no earlier run tells
 * of: runs lie inside one another or apart, and a number belongs to the innermost one. Pure.
 */

export interface NumberRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

export interface MissedRun extends NumberRange {
  /** How many numbers are its own. */
  readonly missing: number;
  /** What these weighed together; null: nobody knows. */
  readonly netGrams: number | null;
}

export interface Weighed {
  readonly count: number;
  readonly grams: number;
}

/** @returns what lies beyond runs that reach out of the range, or null: nothing does. Runs within it are left in. */
export function beyondRuns(range: NumberRange, runs: readonly NumberRange[]): NumberRange | null {
  let { from, to } = range;
  for (const run of runs) {
    if (run.from < range.from && run.to >= range.from) from = Math.max(from, run.to + 1);
    if (run.to > range.to && run.from <= range.to) to = Math.min(to, run.from - 1);
  }
  return from > to ? null : { from, to };
}

/**
 * @param weighed what was recorded of the numbers in the range.
 * @param inner runs within the range.
 * @param netGrams of all numbers in the range; null: nobody knows.
 */
export function restOf(
  { from, to }: NumberRange,
  weighed: Weighed,
  inner: readonly MissedRun[],
  netGrams: number | null,
): MissedRun {
  const missing = to - from + 1 - weighed.count - inner.reduce((sum, run) => sum + run.missing, 0);
  const told = inner.reduce<number | null>(
    (sum, run) => (sum === null || run.netGrams === null ? null : sum + run.netGrams),
    weighed.grams,
  );
  return {
    from,
    to,
    missing: Math.min(missing, Number.MAX_SAFE_INTEGER),
    netGrams: netGrams === null || told === null ? null : Math.max(0, netGrams - told),
  };
}

/** @returns the run that the number is missed in, or null. */
export function runOf<T extends NumberRange>(number: number, runs: readonly T[]): T | null {
  return runs.reduce<T | null>((innermost, run) => {
    if (number < run.from || number > run.to) return innermost;
    return innermost === null || run.to - run.from < innermost.to - innermost.from ? run : innermost;
  }, null);
}

/** A number of the run was recorded after all. A weight beyond what the run weighed is rounding. */
export function without<T extends MissedRun>(run: T, netGrams: number): T {
  return {
    ...run,
    missing: run.missing - 1,
    netGrams: run.netGrams === null ? null : Math.max(0, run.netGrams - netGrams),
  };
}
