/** Whether an act may be dated as it is. */
import type { MaterialBook } from './material-book.ts';
import { refused, type Refused } from './decision.ts';

/** Clocks of tablets differ by so much, ms. */
export const AHEAD_MAX_MS = 5 * 60_000;
/** A paper sheet that is found later than this is a matter for a correction of today, ms. */
export const BEHIND_MAX_MS = 62 * 24 * 3_600_000;

/** Of two clocks one may be ahead and the other behind: by so much one thing may seem to come before another, ms. */
export const BEFORE_MAX_MS = 2 * AHEAD_MAX_MS;

/**
 * @param thing that the act is about, by its name.
 * @param sinceMs since when it is there, or is as it is: ms since 1970 UTC.
 * @returns why nothing can be said of it for that time; null: it can.
 */
export function notYetThere(occurredAt: number, thing: string, sinceMs: number): Refused | null {
  if (occurredAt >= sinceMs - BEFORE_MAX_MS) return null;
  const minutes = Math.round((sinceMs - occurredAt) / 60_000);
  return refused('not-yet-there', `${thing} was not there yet, ${minutes} min before it was`, {
    thing,
    occurredAt,
    since: sinceMs,
    minutes,
  });
}

/** @returns why nothing can be recorded for that time; null: it can. Times are ms since 1970 UTC. */
export async function timeRefusal(
  occurredAt: number,
  nowMs: number,
  dayOf: (atMs: number) => string,
  book: Pick<MaterialBook, 'isMonthClosed'>,
): Promise<Refused | null> {
  if (occurredAt > nowMs + AHEAD_MAX_MS) {
    const minutes = Math.round((occurredAt - nowMs) / 60_000);
    return refused('in-the-future', `it is said to happen in ${minutes} min`, { occurredAt, minutes });
  }
  if (occurredAt < nowMs - BEHIND_MAX_MS) {
    const days = Math.floor((nowMs - occurredAt) / 86_400_000);
    return refused('too-long-ago', `it is said to have happened ${days} days ago`, { occurredAt, days });
  }
  const day = dayOf(occurredAt);
  if (!(await book.isMonthClosed(day))) return null;
  const month = day.slice(0, 7);
  return refused('month-closed', `${month} is closed: correct it by an act of today`, { occurredAt, month });
}
