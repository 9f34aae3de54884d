/** Reads what the figures of alarms are made from. Asked on the thread of large questions. */
import type { AlarmKpi } from '@trame/protocol/alarms/alarm-answers';
import { STANDING_STATES } from '@trame/protocol/alarms/alarm-names';
import { sql } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Interval } from '../calendar/intervals.ts';
import { alarmKpi, type KpiFacts } from './alarm-kpi.ts';
import { alarmId, isOver } from './alarm-repository.ts';

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
  const standingSince = new Map(
    before.flatMap((one) => (one.raisedAt === null ? [] : [[alarmId(one), one.raisedAt] as const])),
  );
  const floods = await floodsOf(records, line, period);
  return alarmKpi({ period, changes: [...before, ...changes], standingSince, floods, openMs });
}

type Change = KpiFacts['changes'][number];

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

function changesIn(records: Records, line: string | null, { from, to }: Interval): Promise<Change[]> {
  let select = records
    .selectFrom('alarm_journal')
    .select(CHANGE_COLUMNS)
    .where('at', '>=', from)
    .where('at', '<', to);
  if (line !== null) select = select.where('line', '=', line);
  return select.orderBy('at').orderBy('turn').limit(CHANGES_MAX).execute();
}

/** How an alarm stood at some time, and when it had come up last; null: never. */
export interface StoodThen extends Change {
  readonly raisedAt: number | null;
}

/**
 * However long the journal is: two looks into an index for each alarm that was ever declared. One that is no longer
 * stood all the same before that.
 */
async function lastBefore(records: Records, line: string | null, beforeMs: number): Promise<StoodThen[]> {
  let select = records
    .selectFrom('alarms as of')
    .innerJoin('alarm_journal as last', (join) =>
      join
        .onRef('last.site', '=', 'of.site')
        .onRef('last.line', '=', 'of.line')
        .on((on) =>
          on(
            'last.id',
            '=',
            on
              .selectFrom('alarm_journal as one')
              .select('one.id')
              .whereRef('one.line', '=', 'of.line')
              .whereRef('one.alarm', '=', 'of.alarm')
              .whereRef('one.site', '=', 'of.site')
              .where('one.at', '<', beforeMs)
              .orderBy('one.at', 'desc')
              .orderBy('one.turn', 'desc')
              .limit(1),
          ),
        ),
    )
    .select(CHANGE_COLUMNS.map((column) => `last.${column}` as const))
    .select((of) =>
      of
        .selectFrom('alarm_journal as up')
        .select('up.at')
        .whereRef('up.line', '=', 'of.line')
        .whereRef('up.alarm', '=', 'of.alarm')
        .whereRef('up.site', '=', 'of.site')
        // Written out, not bound: only so is the index of what came up used.
        .where(sql<boolean>`raised = 1`)
        .where('up.at', '<', beforeMs)
        .orderBy('up.at', 'desc')
        .limit(1)
        .as('raisedAt'),
    );
  if (line !== null) select = select.where('of.line', '=', line);
  return select.orderBy('of.line').orderBy('of.alarm').execute();
}

export interface StandingThen extends Pick<Change, 'label' | 'priority'> {
  readonly id: string;
  readonly since: number;
}

/** @returns alarms of the line whose condition stood then, the gravest first. */
export async function standingBefore(
  records: Records,
  line: string,
  beforeMs: number,
): Promise<StandingThen[]> {
  const last = await lastBefore(records, line, beforeMs);
  return last
    .filter(({ toState }) => STANDING_STATES.includes(toState) && !isOver(toState))
    .map((one) => ({
      id: alarmId(one),
      label: one.label,
      priority: one.priority,
      since: one.raisedAt ?? one.at,
    }))
    .sort((a, b) => a.priority - b.priority || a.since - b.since || (a.id < b.id ? -1 : 1));
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
