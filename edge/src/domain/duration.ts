/** Durations as people write them in a configuration: `200ms`, `1s`, `5min`, `2h`, `7d`. */
export const DURATION_PATTERN = String.raw`^\d+(\.\d+)?(ms|s|min|h|d)$`;

const DURATION = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|min|h|d)$/u;
const MS_PER: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns milliseconds, or null when the text is not a duration. */
export function parseDurationMs(text: string): number | null {
  const groups = DURATION.exec(text)?.groups;
  const factor = MS_PER[groups?.['unit'] ?? ''];
  return factor === undefined ? null : Number(groups?.['amount']) * factor;
}
