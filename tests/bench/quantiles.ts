/** One line of figures: how many, p50, p99 and the largest, in ms. */
export function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => inMs(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return `n ${sorted.length}, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

function inMs(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(1)} ms`;
}
