/**
 * From what a line said of its state and mode to its stops, by NF E60-182. Pure.
 *
 * It runs in PackML's Execute and in no other state. A stop begins when it leaves Execute and ends when it is back; a line
 * that does not say its state neither runs nor stops. A stop that goes on in another kind of mode (maintenance, school) is
 * another stop from there.
 */
import { firstWhere } from '../calendar/coverage.ts';
import type { LineMode } from '@trame/protocol/control/control-names';

export interface StateSaid {
  /** Of the event. */
  readonly id: string;
  readonly at: number;
  readonly state: string;
  readonly emergencyStop: boolean | null;
}

export interface ModeSaid {
  readonly id: string;
  readonly at: number;
  readonly mode: LineMode | null;
}

/** An alarm that came up. */
export interface AlarmUp {
  readonly alarm: string;
  readonly label: string;
  readonly family: string | null;
  readonly station: string | null;
  readonly at: number;
  /** First of its group. */
  readonly first: boolean;
}

export interface Stop {
  /** Of the event that began it. */
  readonly id: string;
  readonly from: number;
  /** Null: it lasts. */
  readonly to: number | null;
  /** In which it began. */
  readonly state: string;
  readonly mode: LineMode | null;
  readonly emergencyStop: boolean;
  /** When the stop before it ended; null: there was none. What came up before that belongs to the one before. */
  readonly after: number | null;
}

/** How long before a stop an alarm may have come up that made it, ms. */
export const ALARM_BEFORE_MS = 30_000;

type Said = ({ readonly what: 'state' } & StateSaid) | ({ readonly what: 'mode' } & ModeSaid);

/**
 * @param states and modes each in the order in which they were said.
 * @param after when the last stop before all of them ended; null: there was none.
 * @returns stops in order.
 */
export function stopsOf(
  states: readonly StateSaid[],
  modes: readonly ModeSaid[],
  after: number | null = null,
): Stop[] {
  const said: Said[] = [
    ...modes.map((one) => ({ what: 'mode' as const, ...one })),
    ...states.map((one) => ({ what: 'state' as const, ...one })),
  ];
  const fold = new StopFold(after);
  for (const one of said.sort((a, b) => a.at - b.at)) fold.take(one);
  return fold.stops();
}

export function isRunning(state: string): boolean {
  return state === 'execute';
}

export function isStopped(state: string): boolean {
  return !isRunning(state) && state !== 'unknown';
}

/** Manual is production by hand; what the line does not say is production as well. */
export function timeOfMode(mode: LineMode | null): 'production' | 'maintenance' | 'training' {
  if (mode === 'maintenance') return 'maintenance';
  return mode === 'school' ? 'training' : 'production';
}

class StopFold {
  readonly #ended: Stop[] = [];
  #open: Stop | null = null;
  #state = 'unknown';
  #emergencyStop = false;
  #mode: LineMode | null = null;
  #after: number | null;

  constructor(after: number | null) {
    this.#after = after;
  }

  take(said: Said): void {
    if (said.what === 'mode') this.#takeMode(said);
    else this.#takeState(said);
  }

  stops(): Stop[] {
    return this.#open === null ? [...this.#ended] : [...this.#ended, this.#open];
  }

  #takeState({ id, at, state, emergencyStop }: StateSaid): void {
    this.#state = state;
    this.#emergencyStop = emergencyStop === true;
    if (!isStopped(state)) this.#end(at);
    else if (this.#open === null) this.#begin(id, at);
    else if (this.#emergencyStop) this.#open = { ...this.#open, emergencyStop: true };
  }

  #takeMode({ id, at, mode }: ModeSaid): void {
    const before = timeOfMode(this.#mode);
    this.#mode = mode;
    if (this.#open === null || before === timeOfMode(mode)) return;
    this.#end(at);
    this.#begin(id, at);
  }

  #begin(id: string, from: number): void {
    const [state, mode, emergencyStop, after] = [this.#state, this.#mode, this.#emergencyStop, this.#after];
    this.#open = { id, from, to: null, state, mode, emergencyStop, after };
  }

  #end(at: number): void {
    // One that lasted no time was none: two things said at the same moment.
    if (this.#open !== null && at > this.#open.from) {
      this.#ended.push({ ...this.#open, to: at });
      this.#after = at;
    }
    this.#open = null;
  }
}

/**
 * @param alarms that came up, in order.
 * @returns the alarm that a stop follows from: the first of a group that came up shortly before it or during it, else the
 * earliest that did. An alarm makes one stop: what came up within an earlier one, or before it, made that one.
 */
export function firstAlarmOf(
  { from, to, after }: Pick<Stop, 'from' | 'to' | 'after'>,
  alarms: readonly AlarmUp[],
): AlarmUp | null {
  const since = Math.max(from - ALARM_BEFORE_MS, after ?? Number.NEGATIVE_INFINITY);
  const until = to ?? Number.POSITIVE_INFINITY;
  const first = firstWhere(alarms.length, (n) => (alarms[n]?.at ?? since) >= since);
  const next = firstWhere(alarms.length, (n) => (alarms[n]?.at ?? until) >= until);
  const around = alarms.slice(first, next);
  return around.find((alarm) => alarm.first) ?? around[0] ?? null;
}
