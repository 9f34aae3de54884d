/** When a line was open: by the calendar of the site or, where none is configured, while a shift was open on it. */
import type { Records } from '../records/open-records.ts';
import { common, joined, type Interval } from './intervals.ts';
import type { OpenHours, OpeningCalendar } from './open-hours.ts';

/** None is longer: one that nobody closed by then is taken for forgotten, and closed later all the same. */
export const SHIFT_MAX_MS = 12 * 3_600_000;

export interface OpenAsked {
  /** Null: hours in which any line was open. */
  readonly line: string | null;
  readonly period: Interval;
  readonly nowMs: number;
}

export async function openHoursOf(
  records: Records,
  calendar: OpeningCalendar | null,
  { line, period, nowMs }: OpenAsked,
): Promise<OpenHours> {
  if (calendar !== null) return calendar.between(period.from, period.to);
  let select = records
    .selectFrom('shifts')
    .select(['openedAt', 'closedAt'])
    .where('openedAt', '<', period.to)
    .where('openedAt', '>=', period.from - SHIFT_MAX_MS);
  if (line !== null) select = select.where('line', '=', line);
  const shifts = await select.execute();
  const open = shifts.map(({ openedAt, closedAt }) => ({
    from: openedAt,
    to: endOf(openedAt, closedAt, nowMs),
  }));
  return { open: common(joined(open), [period]), breaks: [] };
}

/** @returns whether anybody ever opened a shift on this line: where nobody did, nothing tells when it is open. */
export async function hasShifts(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
): Promise<boolean> {
  const one = await records
    .selectFrom('shifts')
    .select('shift')
    .where('site', '=', site)
    .where('line', '=', line)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
}

/** @returns when a shift ended, or is taken to have: the same before and after it is closed late. */
export function endOf(openedAt: number, closedAt: number | null, nowMs: number): number {
  return Math.min(closedAt ?? Math.max(openedAt, nowMs), openedAt + SHIFT_MAX_MS);
}
