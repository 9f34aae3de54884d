export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The upper one of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

/** Of all that were measured, not of a sample of them. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return rootMeanSquare(values.map((value) => value - centre));
}

/** Mean of arrays of one length. */
export function meanOf(arrays: readonly Float64Array[]): Float64Array {
  const [first] = arrays;
  if (first === undefined) throw new RangeError('the mean of nothing');
  const sum = new Float64Array(first.length);
  for (const array of arrays) array.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
  return sum.map((value) => value / arrays.length);
}

export function unitLength(values: Float64Array): Float64Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Three digits behind the point. */
export function short(value: number): number {
  return Number(value.toFixed(3));
}

/** In the order in which each key first comes. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key);
}
