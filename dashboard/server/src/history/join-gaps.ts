import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { GapsOfPeriod } from '../ledger/ledger-status.ts';

/**
 * Losses that the lines tell and those of the history itself, as one answer.
 * @param own at least the `max + 1` latest, when there are so many.
 * @returns the `max` latest of both, oldest first, and whether there are more.
 */
export function joinGaps(told: GapsOfPeriod, own: readonly HistoryGap[], max: number): GapsOfPeriod {
  const all = [...told.gaps, ...own].sort((a, b) => b.to - a.to);
  const gaps = all.slice(0, max).sort((a, b) => a.from - b.from);
  return { gaps, truncated: told.truncated || all.length > max };
}
