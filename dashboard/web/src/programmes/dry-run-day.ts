/** The day whose pieces a programme is tried on. */
import { dayAfter } from '../format/instant.ts';
import { localInstant } from '../format/local-time.ts';
import { lastDays } from '../stops/stop-period.ts';

/** @returns `YYYY-MM-DD`, by the clocks of the site. */
export function yesterday(nowMs: number, timeZone: string): string | null {
  return lastDays(nowMs, 2, timeZone).from;
}

/** @returns from its midnight to the next, on days of 23 and of 25 hours too; null when it is no day. */
export function spanOfDay(
  day: string,
  timeZone: string,
): { readonly from: number; readonly to: number } | null {
  const from = localInstant(day, '00:00', timeZone);
  const to = from === null ? null : localInstant(dayAfter(day), '00:00', timeZone);
  return from === null || to === null ? null : { from, to };
}
