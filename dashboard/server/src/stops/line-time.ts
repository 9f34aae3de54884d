/** What the records tell of the time of one line: states, modes, stops, what nobody knows. */
import type { StopRow } from '@trame/protocol/stops/stop-answers';
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import { common, joined, without, type Interval } from '../calendar/intervals.ts';
import type { CalendarSettings } from '../calendar/calendar-config.ts';
import { Coverage } from '../calendar/coverage.ts';
import { OpeningCalendar, type OpenHours } from '../calendar/open-hours.ts';
import { hasShifts, openHoursOf } from '../calendar/open-of-line.ts';
import { invalidRequest } from '../http/problem.ts';
import { parts } from '../ledger/parts.ts';
import type { Records } from '../records/open-records.ts';
import { inRecordedOrder, placeIn } from './record-order.ts';
import type { StopRules } from './stop-config.ts';
import {
  ALARM_BEFORE_MS,
  isRunning,
  stopsOf,
  timeOfMode,
  type AlarmUp,
  type ModeSaid,
  type StateSaid,
  type Stop,
} from './stop-fold.ts';
import { stopRow } from './stop-row.ts';
import type { StopCauseTable } from './stop-tables.ts';
import { silentTime, unsaidTime, type LineAlive } from './unknown-time.ts';

/** States of a line in a period: one that says more has a fault that its figures would only repeat. */
const STATES_MAX = 200_000;

/** How time is judged: plain data, so that it can be asked of another thread. */
export interface TimeRules {
  readonly stops: StopRules;
  /** Null: a line is open while a shift is open on it. */
  readonly calendar: CalendarSettings | null;
  readonly timeZone: string;
  readonly alive: readonly LineAlive[];
  readonly nowMs: number;
}

export interface LineTime {
  readonly site: string;
  readonly line: string;
  /** That touch the period, in order, each whole. */
  readonly stops: readonly StopRow[];
  /** Of these the ones that count in the period, `durationMs` being the part of each that does. */
  readonly within: readonly StopRow[];
  /** False: the line never says its state. */
  readonly saysStates: boolean;
  readonly hours: OpenHours;
  /** Nothing is known of it. */
  readonly unknown: readonly Interval[];
  /** In which it was in a mode of maintenance, or of training. */
  readonly maintenance: readonly Interval[];
  readonly training: readonly Interval[];
}

/** @returns lines that ever said a state, or this one. */
export async function linesWithStates(
  records: Records,
  line: string | null,
): Promise<{ site: string; line: string }[]> {
  let select = records.selectFrom('line_states').select(['site', 'line']).distinct();
  if (line !== null) select = select.where('line', '=', line);
  return select.orderBy('site').orderBy('line').execute();
}

export async function lineTime(
  records: Records,
  address: { readonly site: string; readonly line: string },
  asked: Interval,
  rules: TimeRules,
): Promise<LineTime> {
  const { nowMs } = rules;
  // What is to come has not happened.
  const period = { from: asked.from, to: Math.max(asked.from, Math.min(asked.to, nowMs)) };
  const states = await statesOf(records, address, period);
  const calendar = rules.calendar === null ? null : new OpeningCalendar(rules.calendar, rules.timeZone);
  const around = spanOf(states, period, nowMs);
  const modes = await modesOf(records, address, around);
  const hours = await openHoursOf(records, calendar, { line: address.line, period: around, nowMs });
  const silent = await silentTime(records, { ...address, period: around, nowMs }, rules.alive);
  const unknown = joined([...silent, ...unsaidTime(states, around)]);
  // Where nobody ever said when it is open, all its time counts as stops and none of it makes a figure.
  const isSaid = calendar !== null || (await hasShifts(records, address));
  const open = isSaid ? without(hours.open, hours.breaks) : [around];
  const counted = without(open, unknown);
  const stopped = stopsOf(states, modes, await endedBefore(records, address, states[0]));
  const facts = {
    ...address,
    rules: rules.stops,
    nowMs,
    alarms: await alarmsUp(records, address, around),
    explained: await explainedOf(records, address, stopped),
    counted: new Coverage(counted),
    unknown: new Coverage(unknown),
  };
  const stops = stopped
    .map((stop) => stopRow(stop, facts))
    .filter((row) => row.from < period.to && (row.to ?? nowMs) > period.from && row.durationMs > 0);
  return {
    ...address,
    stops,
    within: partsWithin(stops, new Coverage(common(counted, [period])), nowMs),
    saysStates: states.some(({ state }) => state !== 'unknown'),
    hours: { open: common(hours.open, [period]), breaks: common(hours.breaks, [period]) },
    unknown: common(unknown, [period]),
    maintenance: modeTime(modes, 'maintenance', period),
    training: modeTime(modes, 'training', period),
  };
}

function partsWithin(stops: readonly StopRow[], counted: Coverage, nowMs: number): StopRow[] {
  return stops
    .map((stop) => ({ ...stop, durationMs: counted.within({ from: stop.from, to: stop.to ?? nowMs }) }))
    .filter(({ durationMs }) => durationMs > 0);
}

/** From the stop in which the period begins to the end of the one in which it ends. */
function spanOf(states: readonly StateSaid[], { from, to }: Interval, nowMs: number): Interval {
  const [first, last] = [states[0], states.at(-1)];
  // What was first said later tells nothing of the period, however long before that was.
  if (first === undefined || last === undefined || first.at >= to) return { from, to };
  const lasts = last.at < to && !isRunning(last.state);
  return { from: Math.min(from, first.at), to: Math.max(to, lasts ? nowMs : last.at) };
}

async function statesOf(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
  { from, to }: Interval,
): Promise<StateSaid[]> {
  const ofLine = () => records.selectFrom('line_states').where('site', '=', site).where('line', '=', line);
  const before = await ofLine()
    .select((of) => of.fn.max('at').as('at'))
    .where('at', '<=', from)
    .where('state', 'in', ['execute', 'unknown'])
    .executeTakeFirst();
  const after = await ofLine()
    .select((of) => of.fn.min('at').as('at'))
    .where('at', '>=', to)
    .where('state', 'in', ['execute', 'unknown'])
    .executeTakeFirst();
  let select = ofLine().select(['id', 'at', 'state', 'emergencyStop', placeIn('line_states')]);
  const [fromAt, toAt] = [before?.at ?? null, after?.at ?? null];
  if (fromAt !== null) select = select.where('at', '>=', fromAt);
  if (toAt !== null) select = select.where('at', '<=', toAt);
  const rows = await select
    .orderBy('at')
    .orderBy('id')
    .limit(STATES_MAX + 1)
    .execute();
  return inRecordedOrder(allOf(rows)).map(({ emergencyStop, ...row }) => ({
    ...row,
    emergencyStop: emergencyStop === null ? null : emergencyStop === 1,
  }));
}

/** @throws RequestProblem when there are more: what is left out would be the latest, and its figures wrong. */
function allOf<T>(rows: T[]): T[] {
  if (rows.length <= STATES_MAX) return rows;
  throw invalidRequest(
    '/query/from',
    `expected a period in which the line says at most ${STATES_MAX} states`,
  );
}

/** @returns when the last stop before the first of these states ended; null: there was none. */
async function endedBefore(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
  first: StateSaid | undefined,
): Promise<number | null> {
  if (first === undefined) return null;
  const ofLine = () => records.selectFrom('line_states').where('site', '=', site).where('line', '=', line);
  const stood = await ofLine()
    .select((of) => of.fn.max('at').as('at'))
    .where('at', '<', first.at)
    .where('state', 'not in', ['execute', 'unknown'])
    .executeTakeFirst();
  const stoodAt = stood?.at ?? null;
  if (stoodAt === null) return null;
  const over = await ofLine()
    .select((of) => of.fn.min('at').as('at'))
    .where('at', '>', stoodAt)
    .executeTakeFirst();
  return over?.at ?? null;
}

async function modesOf(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
  { to }: Interval,
): Promise<ModeSaid[]> {
  // People change modes a few times a day: all of them together are few.
  const rows = await records
    .selectFrom('line_modes')
    .select(['id', 'at', 'mode', placeIn('line_modes')])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('at', '<', to)
    .orderBy('at', 'asc')
    .orderBy('id')
    .limit(STATES_MAX + 1)
    .execute();
  return inRecordedOrder(allOf(rows));
}

function modeTime(
  modes: readonly ModeSaid[],
  time: 'maintenance' | 'training',
  { from, to }: Interval,
): Interval[] {
  const found = modes.flatMap(({ at, mode }, n) =>
    timeOfMode(mode) === time ? [{ from: at, to: modes[n + 1]?.at ?? to }] : [],
  );
  return common(joined(found), [{ from, to }]);
}

/** What Trame watches of itself stops no line. */
const OF_THE_LINE: readonly AlarmSource[] = ['tag', 'device', 'station-late'];

async function alarmsUp(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
  { from, to }: Interval,
): Promise<AlarmUp[]> {
  const rows = await records
    .selectFrom('alarm_journal as up')
    .innerJoin('alarms', (join) =>
      join
        .onRef('alarms.site', '=', 'up.site')
        .onRef('alarms.line', '=', 'up.line')
        .onRef('alarms.alarm', '=', 'up.alarm'),
    )
    .select(['up.alarm', 'up.label', 'up.at', 'up.first', 'alarms.family', 'alarms.station'])
    .where('up.site', '=', site)
    .where('up.line', '=', line)
    .where('up.raised', '=', 1)
    .where('up.at', '>=', from - ALARM_BEFORE_MS)
    .where('up.at', '<', to)
    .where('alarms.source', 'in', OF_THE_LINE)
    .orderBy('up.at')
    .orderBy('up.turn')
    .execute();
  return rows.map((row) => ({ ...row, first: row.first === 1 }));
}

type ExplainedStop = Pick<StopCauseTable, 'cause' | 'kind' | 'note'>;

async function explainedOf(
  records: Records,
  { site, line }: { readonly site: string; readonly line: string },
  stops: readonly Stop[],
): Promise<Map<string, ExplainedStop>> {
  const found = new Map<string, ExplainedStop>();
  for (const ids of parts(stops.map(({ id }) => id))) {
    const rows = await records
      .selectFrom('stop_causes')
      .select(['stop', 'cause', 'kind', 'note'])
      .where('site', '=', site)
      .where('line', '=', line)
      .where('stop', 'in', ids)
      .execute();
    for (const { stop, ...said } of rows) found.set(stop, said);
  }
  return found;
}
