/** What is recorded of alarms, and what is kept with it. */
import type { AlarmChanged, AlarmDeclared } from '@trame/protocol/alarms/alarm-events';
import type { Condition } from '../condition.ts';
import { lineEvent, type LineEvent } from '../line-events.ts';
import type { AlarmConfig } from './alarm-config.ts';
import { NORMAL, type AlarmChange, type AlarmState } from './alarm-machine.ts';
import {
  ALARM_PLACES_MARK,
  alarmDeclaredMark,
  alarmPlaceMark,
  alarmStateMark,
  alarmStateText,
  readCount,
} from './alarm-mark.ts';
import { isUnseen } from './alarm-run.ts';
import { fingerprint } from './fingerprint.ts';

export function declarationOf(alarm: AlarmConfig): AlarmDeclared {
  const { id, priority, source, label, cause, consequence, response, latching, group, station, device } =
    alarm;
  return {
    alarm: id,
    priority,
    source,
    label,
    cause,
    consequence,
    response,
    latching,
    group,
    station,
    device,
    rule: ruleOf(alarm),
  };
}

function ruleOf(alarm: AlarmConfig): NonNullable<AlarmDeclared['rule']> {
  const { when, of, limit, deadband, onDelayMs, offDelayMs, unless } = alarm;
  const tests = unless.map(testOf);
  return {
    when: when === null ? null : testOf(when),
    of,
    limit,
    deadband,
    onDelayMs,
    offDelayMs,
    unless: tests,
  };
}

function testOf({ tag: { device, tag }, is, value }: Condition) {
  return { device, tag, is, value };
}

/** @param state after the change. @param comment what is said with it. */
export function changedEvent(
  alarm: string,
  change: AlarmChange,
  state: AlarmState,
  value: AlarmChanged['value'],
  atMs: number,
  comment = isUnseen(change) ? null : state.comment,
): LineEvent {
  const { from, to, because } = change;
  const { occurrence, known, stands, first, untilMs } = state;
  return lineEvent(
    'alarm.changed',
    atMs,
    {
      alarm,
      occurrence,
      from,
      to,
      because,
      condition: known ? stands : null,
      value: known ? value : null,
      first,
      comment,
      until: untilMs,
    },
    { [alarmStateMark(alarm)]: alarmStateText(state) },
  );
}

/** How an alarm stands, for whoever heard otherwise or nothing; its state stays. */
export function standingEvent(alarm: string, state: AlarmState, atMs: number): LineEvent {
  const change: AlarmChange = { from: state.name, to: state.name, because: 'condition' };
  return changedEvent(alarm, change, state, null, atMs, state.comment);
}

/**
 * What to tell of the definitions since they were told last (management of change).
 * @param markOf the marks of the ledger. @param keptOf how an alarm stood; null: it never changed. @param isAnew
 * all of them, since whoever follows may have heard otherwise.
 */
export function definitionEvents(
  alarms: readonly AlarmConfig[],
  markOf: (name: string) => string | null,
  keptOf: (alarm: string) => AlarmState | null,
  atMs: number,
  isAnew: boolean,
): readonly LineEvent[] {
  const configured = new Set(alarms.map(({ id }) => id));
  const places = new Map<string, number>();
  const free: number[] = [];
  const events: LineEvent[] = [];
  let count = readCount(markOf(ALARM_PLACES_MARK));
  for (let place = 0; place < count; place += 1) {
    const id = markOf(alarmPlaceMark(place)) ?? '';
    if (configured.has(id)) {
      places.set(id, place);
      continue;
    }
    free.push(place);
    if (id !== '') events.push(withdrawn(id, place, keptOf(id), atMs));
  }
  for (const alarm of alarms) {
    const payload = declarationOf(alarm);
    const print = fingerprint(JSON.stringify(payload));
    if (!isAnew && places.has(alarm.id) && markOf(alarmDeclaredMark(alarm.id)) === print) continue;
    const place = places.get(alarm.id) ?? free.shift() ?? count;
    count = Math.max(count, place + 1);
    const marks = {
      [alarmDeclaredMark(alarm.id)]: print,
      [alarmPlaceMark(place)]: alarm.id,
      [ALARM_PLACES_MARK]: String(count),
    };
    events.push(lineEvent('alarm.declared', atMs, payload, marks));
  }
  return events;
}

/** It begins anew should it come back; only its occurrences go on, so that none is taken for another. */
function withdrawn(alarm: string, place: number, kept: AlarmState | null, atMs: number): LineEvent {
  const state =
    kept === null
      ? {}
      : { [alarmStateMark(alarm)]: alarmStateText({ ...NORMAL, occurrence: kept.occurrence }) };
  const marks = { [alarmPlaceMark(place)]: '', [alarmDeclaredMark(alarm)]: '', ...state };
  return lineEvent('alarm.withdrawn', atMs, { alarm }, marks);
}
