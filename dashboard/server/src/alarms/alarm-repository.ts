/** Alarms and their journal as pages show them. */
import type { AlarmJournalRow, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { STANDING_STATES, type AlarmStateName } from '@trame/protocol/alarms/alarm-names';
import { LIVE_ALARMS_MAX } from '@trame/protocol/live-state';
import type { Place } from '../http/keyset.ts';
import type { Records } from '../records/open-records.ts';
import type { AlarmJournalTable, AlarmTable } from './alarm-tables.ts';

export const ALARM_STATE_FILTERS = ['standing', 'all'] as const;
export type AlarmStateFilter = (typeof ALARM_STATE_FILTERS)[number];

/** Shown live: what stands, and what is put aside or taken out. */
const LIVE_STATES: readonly AlarmStateName[] = [...STANDING_STATES, 'shelved', 'out-of-service'];
/** More than any site declares. */
export const ALARMS_MAX = 5_000;

export function alarmId({ line, alarm }: { readonly line: string; readonly alarm: string }): string {
  return `${line}:${alarm}`;
}

/** @returns null when it is no such id. */
export function alarmOfId(id: string): { readonly line: string; readonly alarm: string } | null {
  const [line, alarm, ...more] = id.split(':');
  return line === undefined || alarm === undefined || more.length > 0 ? null : { line, alarm };
}

/** @returns whether its condition is over and it waits for nothing but somebody to have seen it. */
export function isOver(state: AlarmStateName): boolean {
  return state === 'returned';
}

export interface AlarmQuery {
  /** Null: of all lines. */
  readonly line: string | null;
  readonly state: AlarmStateFilter;
}

/** @returns declared alarms: the gravest first, of these what changed last. */
export async function alarmsOf(records: Records, { line, state }: AlarmQuery): Promise<AlarmRow[]> {
  let select = records.selectFrom('alarms').selectAll().where('declared', '=', 1);
  if (line !== null) select = select.where('line', '=', line);
  if (state === 'standing') select = select.where('state', 'in', STANDING_STATES);
  const rows = await select
    .orderBy('priority')
    .orderBy('changedAt', 'desc')
    .orderBy('line')
    .orderBy('alarm')
    .limit(ALARMS_MAX)
    .execute();
  return rows.map(alarmRow);
}

/** @returns what the live picture shows, the gravest first. */
export async function liveAlarms(records: Records): Promise<AlarmRow[]> {
  const rows = await records
    .selectFrom('alarms')
    .selectAll()
    .where('declared', '=', 1)
    .where('state', 'in', LIVE_STATES)
    .orderBy('priority')
    .orderBy('changedAt', 'desc')
    .orderBy('line')
    .orderBy('alarm')
    .limit(LIVE_ALARMS_MAX)
    .execute();
  return rows.map(alarmRow);
}

/** @returns sites that have a declared alarm of that name on that line; none: there is none. */
export async function sitesOfAlarm(
  records: Records,
  { line, alarm }: { readonly line: string; readonly alarm: string },
): Promise<string[]> {
  const rows = await records
    .selectFrom('alarms')
    .select('site')
    .where('line', '=', line)
    .where('alarm', '=', alarm)
    .where('declared', '=', 1)
    .orderBy('site')
    .execute();
  return rows.map(({ site }) => site);
}

export interface JournalQuery {
  readonly line: string | null;
  readonly alarm: string | null;
  readonly fromMs: number | null;
  /** Excluded. */
  readonly toMs: number | null;
  readonly after: Place | null;
  readonly limit: number;
}

/** Where a row of the journal stands among others. */
export function placeInJournal({ at, turn }: Pick<AlarmJournalTable, 'at' | 'turn'>): Place {
  return { at, id: turn };
}

/** @returns changes, latest first. */
export async function journalOf(
  records: Records,
  { line, alarm, fromMs, toMs, after, limit }: JournalQuery,
): Promise<AlarmJournalTable[]> {
  let select = records.selectFrom('alarm_journal').selectAll();
  if (line !== null) select = select.where('line', '=', line);
  if (alarm !== null) select = select.where('alarm', '=', alarm);
  if (fromMs !== null) select = select.where('at', '>=', fromMs);
  if (toMs !== null) select = select.where('at', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('at', '<=', at)
      .where((where) => where.or([where('at', '<', at), where('turn', '<', id)]));
  }
  return select.orderBy('at', 'desc').orderBy('turn', 'desc').limit(limit).execute();
}

export function journalRow(row: AlarmJournalTable): AlarmJournalRow {
  return {
    id: row.id,
    site: row.site,
    line: row.line,
    alarm: row.alarm,
    label: row.label,
    priority: row.priority,
    at: row.at,
    occurrence: row.occurrence,
    from: row.fromState,
    to: row.toState,
    because: row.because as AlarmJournalRow['because'],
    condition: row.condition === null ? null : row.condition === 1,
    value: valueOf(row.value),
    first: row.first === 1,
    comment: row.comment,
  };
}

export function alarmRow(row: AlarmTable): AlarmRow {
  return {
    id: alarmId(row),
    site: row.site,
    line: row.line,
    alarm: row.alarm,
    priority: row.priority,
    source: row.source,
    label: row.label,
    cause: row.cause,
    consequence: row.consequence,
    response: row.response,
    group: row.family,
    station: row.station,
    device: row.device,
    state: row.state,
    occurrence: row.occurrence,
    condition: row.condition === null ? null : row.condition === 1,
    value: valueOf(row.value),
    raisedAt: row.raisedAt,
    changedAt: row.changedAt,
    first: row.first === 1,
    comment: row.comment,
    until: row.until,
  };
}

function valueOf(text: string | null): AlarmRow['value'] {
  return text === null ? null : (JSON.parse(text) as AlarmRow['value']);
}
