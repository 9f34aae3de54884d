/** Which days are asked for: pure. Days of the address are both included; the server leaves the last one out. */
import { dayAfter, instantFormat } from '../format/instant.ts';
import type { Query } from '../material/address.ts';
import type { LinePeriod } from './shift-time-route.ts';

const DAY_MS = 86_400_000;

/** @returns the last `days` days, today included. */
export function lastDays(nowMs: number, days: number, timeZone: string): Pick<LinePeriod, 'from' | 'to'> {
  const { day, startOfDay } = instantFormat(timeZone);
  // Noon of today less whole days lies in the day meant, on days of 23 and of 25 hours too.
  const noon = startOfDay(nowMs) + DAY_MS / 2;
  return { from: day(noon - (days - 1) * DAY_MS), to: day(nowMs) };
}

/** @param line that is shown. */
export function daysQuery({ from, to }: Pick<LinePeriod, 'from' | 'to'>, line: string): Query {
  return { line, from, to: to === null ? null : dayAfter(to) };
}

/** Whole time of a shift: one that lasts has no end yet. */
export function shiftQuery(
  shift: { readonly openedAt: number; readonly closedAt: number | null },
  line: string,
): Query {
  return { line, from: shift.openedAt, to: shift.closedAt };
}
