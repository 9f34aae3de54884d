/**
 * Keeps the alarms of a line: looks after each cycle, records what changes, and decides what people ask of them. What it
 * knows is what the ledger's marks say; a look is left out while the ledger lags behind or a request is on its way to the
 * disk, and finds by difference what it missed, so that every change follows on the one before.
 */
import type { AlarmRefusal, AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { AlarmCommand, AlarmRequests, AlarmVerdict } from '../ports/alarm-requests.ts';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import type { AlarmView, OwnWatch } from '../domain/alarms/alarm-condition.ts';
import { nextAlarm, NORMAL, type AlarmChange, type AlarmState } from '../domain/alarms/alarm-machine.ts';
import {
  ALARM_TOLD_MARK,
  ALARMS_ANEW_MARK,
  alarmStateMark,
  FLOOD_MARK,
  floodText,
  isAlarmState,
  readAlarmState,
  readCount,
  readFlood,
} from '../domain/alarms/alarm-mark.ts';
import { changedEvent, definitionEvents, standingEvent } from '../domain/alarms/alarm-records.ts';
import { settleAlarm, startAlarm, type AlarmRun } from '../domain/alarms/alarm-run.ts';
import { isFirstOut } from '../domain/alarms/first-out.ts';
import { nextFlood, NO_FLOOD, type FloodState } from '../domain/alarms/flood.ts';
import { lineEvent, type LineEvent } from '../domain/line-events.ts';
import type { RolesConfig } from '../domain/line-config.ts';
import { readScaleVerified, scaleVerifiedMark } from '../domain/scale-verified-mark.ts';
import type { Instant } from '../domain/tag-state.ts';
import { statedVerification } from '../domain/weighing-verification.ts';
import type { LineView } from '../pipeline/recorder.ts';
import { DERIVED_WAITS_AT } from '../pipeline/record-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { askedOf } from './asked-of-alarm.ts';
import { WatchedAlarm } from './watched-alarm.ts';

/** What records things of this line, as the alarms need it. */
export interface AlarmRecorder {
  /** Whether something can be recorded now. */
  readonly isOpen: boolean;
  /** Records that wait for the disk. */
  readonly waiting: number;
  /** @returns false: nothing can be recorded now. */
  push(records: readonly LedgerRecord[]): boolean;
}

export interface AlarmDeskOptions {
  readonly alarms: readonly AlarmConfig[];
  readonly roles: RolesConfig;
  readonly line: Pick<LineView, 'devices'>;
  readonly recorder: AlarmRecorder;
  /** What is on the disk. */
  readonly ledger: Pick<Ledger, 'mark'>;
  /** What the edge knows of itself. */
  readonly own: () => OwnWatch;
  /** @returns the day of an instant in the site's zone, `YYYY-MM-DD`. */
  readonly dayOf: (wallMs: number) => string;
  /** Told that a person put an alarm back into service, once that is on the disk. */
  readonly onInService: (source: AlarmSource) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What follows from a change, once it is recorded. */
interface Told {
  readonly records: readonly LineEvent[];
  readonly flood: FloodState;
  readonly number: number;
}

interface Asked extends Told {
  readonly alarm: WatchedAlarm;
  readonly run: AlarmRun;
  readonly value: WatchedAlarm['value'];
  readonly isInService: boolean;
}

export class AlarmDesk implements AlarmRequests {
  readonly #options: AlarmDeskOptions;
  /** Null until something can be recorded. */
  #alarms: ReadonlyMap<string, WatchedAlarm> | null = null;
  #flood: FloodState = NO_FLOOD;
  /** Of the last record about alarms. */
  #number = 0;
  #own: OwnWatch | null = null;
  #today = { minute: NaN, text: '' };
  /** Decided, and on its way to the disk. */
  #asked: Asked | null = null;

  constructor(options: AlarmDeskOptions) {
    this.#options = options;
  }

  /** To be called after each cycle. @param tick whether it is the one of every second. */
  observe(at: Instant, tick: boolean): void {
    const { recorder } = this.#options;
    if (!recorder.isOpen || recorder.waiting >= DERIVED_WAITS_AT || this.#asked !== null) return;
    const alarms = (this.#alarms ??= this.#begin(at));
    const view = this.#view(at, tick);
    const unsettled = [...alarms.values()].filter((alarm) => alarm.feel(view, at, tick));
    // What came up first is told first, so that first-out says what happened.
    unsettled.sort((a, b) => a.run.condition.sinceMs - b.run.condition.sinceMs);
    for (const alarm of unsettled) this.#settle(alarm, at);
    if (tick) this.#takeTold(this.#told([], false, at.wallMs));
  }

  decide(command: AlarmCommand, args: unknown): AlarmVerdict {
    const { recorder, ledger, clock } = this.#options;
    if (this.#alarms === null || !recorder.isOpen) return notStored('rien ne s’enregistre en ce moment');
    const at: Instant = { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
    const asked = askedOf(command, args, at.wallMs);
    const alarm = this.#alarms.get(asked.alarm);
    if (alarm === undefined)
      return refused('unknown-alarm', `cette ligne n’a pas d’alarme « ${asked.alarm} »`);
    const isReport = asked.event.kind === 'report';
    if (isReport && alarm.config.source !== 'reported') {
      return refused(
        'not-reported',
        `l’alarme « ${alarm.id} » est surveillée sur place : elle ne se signale pas d’ailleurs`,
      );
    }
    const isOnDisk = readCount(ledger.mark(ALARM_TOLD_MARK)) === this.#number;
    if (!isOnDisk || this.#asked !== null)
      return notStored('ce qui précède n’est pas encore enregistré : à redemander');
    const { latching } = alarm.config;
    const context = { latching, isFirst: this.#isFirst(alarm), nowMs: at.wallMs };
    const step = nextAlarm(alarm.run.state, asked.event, context);
    if (step.kind === 'refused') return step;
    if (step.kind === 'quiet')
      throw new Error(`${command} of an alarm neither did something nor was refused`);
    const run = isReport ? reportedRun(alarm.run, step.state, at) : { ...alarm.run, state: step.state };
    const value = isReport ? asked.value : alarm.value;
    const event = changedEvent(alarm.id, step.change, step.state, value, at.wallMs);
    const isInService = asked.event.kind === 'inService';
    this.#asked = {
      alarm,
      run,
      value,
      isInService,
      ...this.#told([event], isRaised(step.change), at.wallMs),
    };
    return { kind: 'records', records: this.#asked.records };
  }

  settled(isStored: boolean): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null || !isStored) return;
    asked.alarm.run = asked.run;
    asked.alarm.value = asked.value;
    this.#flood = asked.flood;
    this.#number = asked.number;
    if (asked.isInService) this.#options.onInService(asked.alarm.config.source);
  }

  /** Takes up where the ledger says that the alarms stood, and tells what of their definitions changed since. */
  #begin(at: Instant): ReadonlyMap<string, WatchedAlarm> {
    const { alarms, ledger, log } = this.#options;
    const markOf = (name: string): string | null => ledger.mark(name);
    const unread = alarms.filter(({ id }) => !isAlarmState(markOf(alarmStateMark(id))));
    if (unread.length > 0) {
      const ids = unread.map(({ id }) => id);
      log.warn({ alarms: ids }, 'how these alarms stood cannot be read from the ledger: they begin at rest');
    }
    const keptOf = (id: string): AlarmState | null => readAlarmState(markOf(alarmStateMark(id)));
    this.#number = readCount(markOf(ALARM_TOLD_MARK));
    this.#flood = readFlood(markOf(FLOOD_MARK));
    const isAnew = (markOf(ALARMS_ANEW_MARK) ?? '') !== '';
    const defined = definitionEvents(alarms, markOf, keptOf, at.wallMs, isAnew);
    this.#push([...defined, ...toldAnew(isAnew ? alarms : unread, keptOf, at.wallMs)], isAnew);
    return new Map(
      alarms.map((config) => [config.id, new WatchedAlarm(config, keptOf(config.id) ?? NORMAL, at)]),
    );
  }

  #settle(alarm: WatchedAlarm, at: Instant): void {
    const { run, change, comment } = settleAlarm(alarm.run, alarm.config, at, this.#isFirst(alarm));
    const wasCalmed = alarm.run.calmed !== null;
    alarm.run = run;
    if (change === null) return;
    if (run.calmed !== null && !wasCalmed) {
      this.#options.log.warn({ alarm: alarm.id }, 'an alarm changes too often: not all of it is recorded');
    }
    const event = changedEvent(alarm.id, change, run.state, alarm.value, at.wallMs, comment);
    this.#takeTold(this.#told([event], isRaised(change), at.wallMs));
  }

  /** What to record when these are, and perhaps that there is a flood, or no more. */
  #told(events: readonly LineEvent[], raised: boolean, nowMs: number): Told {
    const { state, event } = nextFlood(this.#flood, raised, nowMs);
    const flood = event === null ? [] : [lineEvent('alarm.flood', nowMs, event)];
    let number = this.#number;
    const records = [...events, ...flood].map((record) => {
      number += 1;
      const marks = { ...record.marks, [FLOOD_MARK]: floodText(state), [ALARM_TOLD_MARK]: String(number) };
      return { ...record, marks };
    });
    return { records, flood: state, number };
  }

  #takeTold({ records, flood, number }: Told): void {
    this.#flood = flood;
    this.#number = number;
    if (records.length > 0 && !this.#options.recorder.push(records)) {
      throw new Error('alarms changed while nothing could be recorded');
    }
  }

  /** @param isAnew all has been told again with the last of these. */
  #push(events: readonly LineEvent[], isAnew: boolean): void {
    const records = events.map((event, index) => {
      this.#number += 1;
      const over = isAnew && index === events.length - 1 ? { [ALARMS_ANEW_MARK]: '' } : {};
      return { ...event, marks: { ...event.marks, ...over, [ALARM_TOLD_MARK]: String(this.#number) } };
    });
    if (records.length > 0) this.#options.recorder.push(records);
  }

  #isFirst(alarm: WatchedAlarm): boolean {
    return isFirstOut(alarm, this.#alarms?.values() ?? []);
  }

  #view(at: Instant, tick: boolean): AlarmView {
    const { line, roles, own, ledger } = this.#options;
    if (tick || this.#own === null) this.#own = own();
    return {
      devices: line.devices,
      roles,
      own: this.#own,
      verifications: (scale) =>
        statedVerification(scale, readScaleVerified(ledger.mark(scaleVerifiedMark(scale.id)))),
      today: this.#dayOf(at.wallMs),
      nowMs: at.wallMs,
    };
  }

  /** Asked many times a second; a day changes on a full minute in every zone. */
  #dayOf(wallMs: number): string {
    const minute = Math.floor(wallMs / 60_000);
    if (minute !== this.#today.minute) this.#today = { minute, text: this.#options.dayOf(wallMs) };
    return this.#today.text;
  }
}

function toldAnew(
  alarms: readonly AlarmConfig[],
  keptOf: (alarm: string) => AlarmState | null,
  atMs: number,
): readonly LineEvent[] {
  return alarms.flatMap(({ id }) => {
    const kept = keptOf(id);
    return kept === null ? [] : [standingEvent(id, kept, atMs)];
  });
}

function isRaised({ from, to }: AlarmChange): boolean {
  return to === 'unacknowledged' && from !== to;
}

/** What was reported counts from now on, without a delay. */
function reportedRun(run: AlarmRun, state: AlarmState, at: Instant): AlarmRun {
  return { ...run, state, condition: startAlarm(state, at.monotonicMs).condition };
}

function refused(refusal: AlarmRefusal, detail: string): AlarmVerdict {
  return { kind: 'refused', refusal, detail };
}

function notStored(detail: string): AlarmVerdict {
  return { kind: 'not-stored', detail };
}
