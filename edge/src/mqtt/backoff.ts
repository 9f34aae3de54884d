/** Longest wait between two attempts to connect, ms. */
export const RETRY_MAX_MS = 5000;
const RETRY_FIRST_MS = 500;

/**
 * @param attempt 0 for the first retry.
 * @param random in [0, 1): edges of one site that lost the same broker must not come back together.
 * @returns how long to wait: half to all of 500 ms, doubled at each attempt, at most {@link RETRY_MAX_MS}.
 */
export function retryDelayMs(attempt: number, random: number): number {
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(full * (0.5 + random / 2));
}
