/**
 * Whether the hard-wired warning was seen to sound before anything moved. It is read like everything else, some
 * hundred milliseconds late, so a little less than its bound is still believed.
 */

export interface WarningWatch {
  /** Since when it sounds, monotonic ms; null: it does not. */
  readonly sinceMs: number | null;
  /** The longest time that it was seen to sound without a break, ms. */
  readonly longestMs: number;
}

/** What two readings may take off the time that it really sounded, ms. */
export const WARNING_SLACK_MS = 500;

export const SILENT: WarningWatch = { sinceMs: null, longestMs: 0 };

/** @param sounds null: not known, which counts as silence. @param nowMs monotonic. */
export function nextWarning(before: WarningWatch, sounds: boolean | null, nowMs: number): WarningWatch {
  const { sinceMs, longestMs } = before;
  const soundedMs = sinceMs === null ? 0 : nowMs - sinceMs;
  const longest = Math.max(longestMs, soundedMs);
  return { sinceMs: sounds === true ? (sinceMs ?? nowMs) : null, longestMs: longest };
}

export function hasWarned({ longestMs }: WarningWatch, atLeastMs: number): boolean {
  return longestMs >= atLeastMs - WARNING_SLACK_MS;
}
