/** Periods of the screen «Alarmes»: whole days of the site, both ends included; the server leaves the last one out. */
import { dayAfter, instantFormat } from '../format/instant.ts';
import type { Query } from '../material/address.ts';
import type { AlarmsRoute } from './alarm-route.ts';

const DAY_MS = 86_400_000;

/** @returns the last `days` days, today included. */
export function periodBack(nowMs: number, days: number, timeZone: string): Pick<AlarmsRoute, 'from' | 'to'> {
  const { day, startOfDay } = instantFormat(timeZone);
  // Noon of today less whole days lies in the day meant, on days of 23 and of 25 hours too.
  const noon = startOfDay(nowMs) + DAY_MS / 2;
  return { from: day(noon - (days - 1) * DAY_MS), to: day(nowMs) };
}

export function periodQuery({ line, from, to }: Pick<AlarmsRoute, 'line' | 'from' | 'to'>): Query {
  return { line, from, to: to === null ? null : dayAfter(to) };
}
