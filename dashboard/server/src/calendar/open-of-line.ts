/** When a line was open: by the calendar of the site or, where none is configured, while a shift was open on it. */
import type { Records } from '../records/open-records.ts';
import { common, joined, type Interval } from './intervals.ts';
import type { OpenHours, OpeningCalendar } from './open-hours.ts';

/** A shift that nobody closed is taken for forgotten after so long. */
export const SHIFT_MAX_MS = 12 * 3_600_000;
/** None is longer, whoever closed it late. */
const SHIFT_LOOK_BACK_MS = 7 * 86_400_000;

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
    .where('openedAt', '>=', period.from - SHIFT_LOOK_BACK_MS);
  if (line !== null) select = select.where('line', '=', line);
  const shifts = await select.execute();
  const open = shifts.map(({ openedAt, closedAt }) => ({
    from: openedAt,
    to: endOf(openedAt, closedAt, nowMs),
  }));
  return { open: common(joined(open), [period]), breaks: [] };
}

/** @returns when a shift ended, or is taken to have. */
export function endOf(openedAt: number, closedAt: number | null, nowMs: number): number {
  return closedAt ?? Math.max(openedAt, Math.min(nowMs, openedAt + SHIFT_MAX_MS));
}
