/** One line of figures: how many, p50, p99 and the largest, in ms. */
export function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => inMs(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return `n ${sorted.length}, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

/** The same with p95. */
export function p95Line(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    inMs(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]).padStart(9);
  return `n ${sorted.length}  p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)}`;
}

/** One clock for every process of this machine, ms. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

function inMs(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(1)} ms`;
}
