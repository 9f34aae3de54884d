/** How long to wait before the next attempt. Pure; the randomness comes from outside. */

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Sessions: a server that returns is found again within `maxMs`, so that data flows within 10 s. */
export const RECONNECT_BACKOFF: BackoffLimits = { firstMs: 500, maxMs: 4000 };
/** One refused item among others that work. */
export const ITEM_BACKOFF: BackoffLimits = { firstMs: 5000, maxMs: 5 * 60_000 };
/** A subscription that had to be made anew, so that a server that drops it at once is not worn out. */
export const SUBSCRIPTION_BACKOFF: BackoffLimits = { firstMs: 250, maxMs: 4000 };

/** Doubling more often than this changes nothing any more, and must not overflow. */
const DOUBLINGS_MAX = 30;

/**
 * @param failures failures in a row before this wait, from 0.
 * @param random uniform in [0, 1): the second half of each wait is random, so that many clients of one server
 *   do not return in step.
 */
export function backoffMs(limits: BackoffLimits, failures: number, random: number): number {
  const full = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(failures, DOUBLINGS_MAX));
  return full / 2 + (full / 2) * random;
}
