/** How alarms are kept over a restart: as marks of the ledger, in the transaction of the event that tells of them. */
import { ALARM_STATES } from '@trame/protocol/alarms/alarm-names';
import { literals, nullable } from '@trame/protocol/schema';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { NORMAL, type AlarmState } from './alarm-machine.ts';
import { NO_FLOOD, type FloodState } from './flood.ts';

/** @returns the name of the mark that holds how an alarm stands. */
export function alarmStateMark(alarm: string): string {
  return `alarm.state.${alarm}`;
}

/** @returns the name of the mark that holds which definition of an alarm was told last; empty: it was withdrawn. */
export function alarmDeclaredMark(alarm: string): string {
  return `alarm.declared.${alarm}`;
}

/** @returns the name of the mark that holds which alarm has this place in the list of all that were told; empty: none. */
export function alarmPlaceMark(place: number): string {
  return `alarm.place.${place}`;
}

/** How many places there are. */
export const ALARM_PLACES_MARK = 'alarm.places';
/** Set when the ledger begins anew from a copy: whoever follows it may have heard otherwise, and is told all again. */
export const ALARMS_ANEW_MARK = 'alarm.anew';
export const FLOOD_MARK = 'alarm.flood';
/** One more with each record about alarms: the last is on the disk when the ledger says its number. */
export const ALARM_TOLD_MARK = 'alarm.told';

const Kept = Type.Object({
  name: literals(ALARM_STATES),
  occurrence: Type.Integer({ minimum: 0 }),
  stands: Type.Boolean(),
  known: Type.Boolean(),
  suppressed: Type.Boolean(),
  latched: Type.Boolean(),
  first: Type.Boolean(),
  untilMs: nullable(Type.Number()),
  comment: nullable(Type.String()),
});
const KeptFlood = Type.Object({
  alarms: nullable(Type.Integer({ minimum: 0 })),
  raisedAtMs: Type.Array(Type.Number(), { maxItems: 64 }),
});
const kept = Compile(Kept);
const keptFlood = Compile(KeptFlood);

export function alarmStateText(state: AlarmState): string {
  return JSON.stringify(state satisfies Static<typeof Kept>);
}

/**
 * @param text of the mark; null: it never changed. @returns for one that this version does not read, an alarm at rest whose
 * occurrences go on as far as they can be told.
 */
export function readAlarmState(text: string | null): AlarmState | null {
  if (text === null) return null;
  const value = parsed(text);
  return kept.Check(value) ? value : { ...NORMAL, occurrence: occurrenceIn(value) };
}

/** @returns whether how an alarm stands is known from its mark. */
export function isAlarmState(text: string | null): boolean {
  return text === null || kept.Check(parsed(text));
}

export function floodText(flood: FloodState): string {
  return JSON.stringify(flood);
}

/** What this version does not read is no flood. */
export function readFlood(text: string | null): FloodState {
  const value = text === null ? null : parsed(text);
  return keptFlood.Check(value) ? value : NO_FLOOD;
}

/** A mark that counts; from 0 when this version does not read it. */
export function readCount(text: string | null): number {
  const count = Number(text ?? 0);
  return isCount(count) ? count : 0;
}

function occurrenceIn(value: unknown): number {
  const occurrence =
    typeof value === 'object' && value !== null && 'occurrence' in value ? value.occurrence : 0;
  return isCount(occurrence) ? occurrence : 0;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** @returns undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
