/** More new alarms than anybody can answer (ISA-18.2: more than ten in ten minutes; over below five in ten minutes). */
import { FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW, FLOOD_WINDOW_MS } from '@trame/protocol/alarms/alarm-names';
import type { AlarmFlood } from '@trame/protocol/alarms/alarm-events';

export interface FloodState {
  /** Since it began so many came up, those that made it one included; null: there is none. */
  readonly alarms: number | null;
  /** When the last ones came up, UTC ms, oldest first; at most {@link TIMES_MAX}: more change nothing. */
  readonly raisedAtMs: readonly number[];
}

export const NO_FLOOD: FloodState = { alarms: null, raisedAtMs: [] };
const TIMES_MAX = FLOOD_BEGINS_ABOVE + 1;

export interface FloodStep {
  readonly state: FloodState;
  readonly event: AlarmFlood | null;
}

/** @param raised whether an alarm came up now. @param nowMs UTC; a time that lies ahead, of a clock set back, is now. */
export function nextFlood({ alarms, raisedAtMs }: FloodState, raised: boolean, nowMs: number): FloodStep {
  const times = raisedAtMs.map((ms) => Math.min(ms, nowMs)).filter((ms) => nowMs - ms < FLOOD_WINDOW_MS);
  const recent = (raised ? [...times, nowMs] : times).slice(-TIMES_MAX);
  const counted = alarms === null ? null : alarms + (raised ? 1 : 0);
  if (counted === null && recent.length > FLOOD_BEGINS_ABOVE) {
    const state = { alarms: recent.length, raisedAtMs: recent };
    return { state, event: { phase: 'began', alarms: recent.length } };
  }
  if (counted !== null && recent.length < FLOOD_ENDS_BELOW) {
    return { state: { alarms: null, raisedAtMs: recent }, event: { phase: 'ended', alarms: counted } };
  }
  return { state: { alarms: counted, raisedAtMs: recent }, event: null };
}
