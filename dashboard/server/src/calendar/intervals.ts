/** Stretches of time, from (included) to (excluded), ms since 1970 UTC. Pure. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** @returns the same time in order, without overlaps and without empty stretches. */
export function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.from - b.from)) {
    if (next.to <= next.from) continue;
    const last = result.at(-1);
    if (last === undefined || last.to < next.from) result.push(next);
    else if (next.to > last.to) result[result.length - 1] = { from: last.from, to: next.to };
  }
  return result;
}

/** @returns what lies in both. */
export function common(one: readonly Interval[], other: readonly Interval[]): Interval[] {
  const [a, b] = [joined(one), joined(other)];
  const result: Interval[] = [];
  for (let i = 0, j = 0; ;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) return result;
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    if (from < to) result.push({ from, to });
    if (left.to <= right.to) i += 1;
    else j += 1;
  }
}

/** @returns what lies in the first and not in the second. */
export function without(one: readonly Interval[], other: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  const taken = joined(other);
  let j = 0;
  for (const { from, to } of joined(one)) {
    let at = from;
    while ((taken[j]?.to ?? Number.POSITIVE_INFINITY) <= at) j += 1;
    for (let k = j; at < to; k += 1) {
      const next = taken[k];
      if (next === undefined || next.from >= to) {
        result.push({ from: at, to });
        break;
      }
      if (next.from > at) result.push({ from: at, to: next.from });
      at = Math.max(at, next.to);
    }
  }
  return result;
}

/** @returns ms, each moment once. */
export function lengthMs(intervals: readonly Interval[]): number {
  return joined(intervals).reduce((sum, { from, to }) => sum + (to - from), 0);
}
