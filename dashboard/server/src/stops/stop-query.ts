/** Stops of a period, and where its time went. Asked on the thread of large questions. */
import type { StopPareto, StopRow } from '@trame/protocol/stops/stop-answers';
import type { Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import { lineTime, linesWithStates, type TimeRules } from './line-time.ts';
import { stopPareto } from './stop-pareto.ts';

/** Longest period that is asked, days. */
export const STOP_DAYS_MAX = 93;

export interface StopsAsked {
  /** Null: of all lines. */
  readonly line: string | null;
  readonly period: Interval;
  readonly rules: TimeRules;
}

/** @returns stops that touch the period, latest first. */
export async function stopRowsOf(records: Records, { line, period, rules }: StopsAsked): Promise<StopRow[]> {
  const rows: StopRow[] = [];
  for (const address of await linesWithStates(records, line)) {
    const { stops } = await lineTime(records, address, period, rules);
    rows.push(...stops);
  }
  return rows.sort((a, b) => b.from - a.from || (a.id < b.id ? 1 : -1));
}

/** A stop counts with the part of it that lies in the period, as it does in the log of a shift. */
export async function stopParetoOf(
  records: Records,
  { line, period, rules }: StopsAsked,
): Promise<StopPareto> {
  const rows: StopRow[] = [];
  for (const address of await linesWithStates(records, line)) {
    const { within } = await lineTime(records, address, period, rules);
    rows.push(...within);
  }
  return stopPareto(period, rows, rules.stops.causes);
}
