/** Reads what the figures of alarms are made from. Asked on the thread of large questions. */
import type { AlarmKpi } from '@trame/protocol/alarms/alarm-answers';
import type { Records } from '../records/open-records.ts';
import type { Interval } from '../calendar/intervals.ts';
import { alarmKpi, type KpiFacts } from './alarm-kpi.ts';
import { alarmId } from './alarm-repository.ts';

/** Longest period that is asked, days. */
export const KPI_DAYS_MAX = 93;
/** An edge bounds how many changes it records in a minute; past this the figures would be of no use to anybody. */
const CHANGES_MAX = 500_000;

export interface AlarmKpiAsked {
  /** Null: of all lines. */
  readonly line: string | null;
  readonly period: Interval;
  readonly openMs: number | null;
}

export async function alarmKpiOf(
  records: Records,
  { line, period, openMs }: AlarmKpiAsked,
): Promise<AlarmKpi> {
  const before = await lastBefore(records, line, period.from);
  const changes = await changesIn(records, line, period);
  const standingSince = await cameUpBefore(records, line, period.from);
  const floods = await floodsOf(records, line, period);
  return alarmKpi({ period, changes: [...before, ...changes], standingSince, floods, openMs });
}

const CHANGE_COLUMNS = [
  'line',
  'alarm',
  'label',
  'priority',
  'at',
  'occurrence',
  'fromState',
  'toState',
  'because',
  'raised',
] as const;

function changesIn(
  records: Records,
  line: string | null,
  { from, to }: Interval,
): Promise<KpiFacts['changes'][number][]> {
  let select = records
    .selectFrom('alarm_journal')
    .select(CHANGE_COLUMNS)
    .where('at', '>=', from)
    .where('at', '<', to);
  if (line !== null) select = select.where('line', '=', line);
  return select.orderBy('at').orderBy('turn').limit(CHANGES_MAX).execute();
}

/** @returns of each alarm how it stood then. */
export async function lastBefore(
  records: Records,
  line: string | null,
  fromMs: number,
): Promise<KpiFacts['changes'][number][]> {
  const found: KpiFacts['changes'][number][] = [];
  for (const { line: of, alarm } of await alarmNames(records, line)) {
    const last = await records
      .selectFrom('alarm_journal')
      .select(CHANGE_COLUMNS)
      .where('line', '=', of)
      .where('alarm', '=', alarm)
      .where('at', '<', fromMs)
      .orderBy('at', 'desc')
      .orderBy('turn', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (last !== undefined) found.push(last);
  }
  return found;
}

function alarmNames(records: Records, line: string | null): Promise<{ line: string; alarm: string }[]> {
  // What was taken out of the configuration stands no more.
  let select = records.selectFrom('alarms').select(['line', 'alarm']).where('declared', '=', 1);
  if (line !== null) select = select.where('line', '=', line);
  return select.orderBy('line').orderBy('alarm').execute();
}

/** @returns when each alarm came up last before then, by its id. */
export async function cameUpBefore(
  records: Records,
  line: string | null,
  fromMs: number,
): Promise<ReadonlyMap<string, number>> {
  let select = records
    .selectFrom('alarm_journal')
    .select((of) => ['line', 'alarm', of.fn.max('at').as('at')])
    .where('raised', '=', 1)
    .where('at', '<', fromMs);
  if (line !== null) select = select.where('line', '=', line);
  const rows = await select.groupBy(['line', 'alarm']).execute();
  return new Map(rows.map((row) => [alarmId(row), row.at]));
}

async function floodsOf(
  records: Records,
  line: string | null,
  { from, to }: Interval,
): Promise<KpiFacts['floods']> {
  let select = records
    .selectFrom('alarm_floods')
    .select(['line', 'at', 'phase'])
    .where('at', '<', to)
    // A flood lasts as long as people are away: one that began a week before is looked for, no longer.
    .where('at', '>=', from - FLOOD_MAX_MS);
  if (line !== null) select = select.where('line', '=', line);
  return select.orderBy('at').orderBy('id').execute();
}

const FLOOD_MAX_MS = 7 * 86_400_000;
