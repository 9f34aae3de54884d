/**
 * How alarms do, by clause 16 of ISA-18.2-2016: how many come, of which priority, which come too often, which stay. A
 * fold of the journal, without a clock. Times to acknowledge are of the line: they are tied to no person and no post.
 */
import type { AlarmKpi } from '@trame/protocol/alarms/alarm-answers';
import { ALARM_PRIORITIES, FLOOD_WINDOW_MS, STANDING_STATES } from '@trame/protocol/alarms/alarm-names';
import { common, lengthMs, type Interval } from '../calendar/intervals.ts';
import { isAnnounced } from './alarm-fold.ts';
import { alarmId } from './alarm-repository.ts';
import type { AlarmFloodTable, AlarmJournalTable } from './alarm-tables.ts';

/** An alarm that comes up so often within a minute chatters. */
export const CHATTERING_TIMES = 3;
const CHATTERING_WINDOW_MS = 60_000;
/** One that stands for longer is stale. */
export const STALE_MS = 24 * 3_600_000;
const TOP = 10;
const HOUR_MS = 3_600_000;

type Change = Pick<
  AlarmJournalTable,
  | 'line'
  | 'alarm'
  | 'label'
  | 'priority'
  | 'at'
  | 'occurrence'
  | 'fromState'
  | 'toState'
  | 'because'
  | 'raised'
>;

export interface KpiFacts {
  readonly period: Interval;
  /** Of the period, in the order in which they were recorded; before them the last one of each alarm that came earlier. */
  readonly changes: readonly Change[];
  /** Since when what stood before the period had been up, by alarm id. */
  readonly standingSince: ReadonlyMap<string, number>;
  /** In order, with the last one before the period of each line. */
  readonly floods: readonly Pick<AlarmFloodTable, 'line' | 'at' | 'phase'>[];
  /** Hours in which the line was open; null: nobody said. */
  readonly openMs: number | null;
}

export function alarmKpi(facts: KpiFacts): AlarmKpi {
  const { period, openMs } = facts;
  const inPeriod = facts.changes.filter(({ at }) => at >= period.from && at < period.to);
  const raised = inPeriod.filter((one) => one.raised === 1);
  return {
    from: period.from,
    to: period.to,
    raised: raised.length,
    perHour: openMs === null || openMs === 0 ? null : rounded(raised.length / (openMs / HOUR_MS)),
    peakPerTenMinutes: mostWithin(
      raised.map(({ at }) => at),
      FLOOD_WINDOW_MS,
    ),
    floodPercent: floodPercent(facts),
    byPriority: ALARM_PRIORITIES.map((priority) => {
      const count = raised.filter((one) => one.priority === priority).length;
      return { priority, raised: count, percent: percent(count, raised.length) };
    }),
    top: topOf(raised),
    chattering: chatteringOf(raised),
    stale: staleOf(facts),
    medianToAcknowledgeMs: medianToAcknowledge(inPeriod),
  };
}

function topOf(raised: readonly Change[]): AlarmKpi['top'] {
  return [...byAlarm(raised)]
    .map(([id, times]) => {
      const { label, priority } = times.at(-1) ?? { label: id, priority: 3 };
      return { id, label, priority, raised: times.length, percent: percent(times.length, raised.length) };
    })
    .sort((a, b) => b.raised - a.raised || a.priority - b.priority || (a.id < b.id ? -1 : 1))
    .slice(0, TOP);
}

function chatteringOf(raised: readonly Change[]): AlarmKpi['chattering'] {
  return [...byAlarm(raised)]
    .map(([id, times]) => ({
      id,
      label: times.at(-1)?.label ?? id,
      times: mostWithin(
        times.map(({ at }) => at),
        CHATTERING_WINDOW_MS,
      ),
    }))
    .filter(({ times }) => times >= CHATTERING_TIMES)
    .sort((a, b) => b.times - a.times || (a.id < b.id ? -1 : 1));
}

/** What stands at the end of the period, and has stood for long without coming up anew. */
function staleOf({ period, changes, standingSince }: KpiFacts): AlarmKpi['stale'] {
  const stale: AlarmKpi['stale'] = [];
  for (const [id, ofAlarm] of byAlarm(changes.filter(({ at }) => at < period.to))) {
    const last = ofAlarm.at(-1);
    if (last === undefined || !STANDING_STATES.includes(last.toState)) continue;
    const cameUp = ofAlarm.findLast(({ at, raised }) => raised === 1 && at >= period.from);
    const since = cameUp?.at ?? standingSince.get(id) ?? last.at;
    if (period.to - since > STALE_MS) stale.push({ id, label: last.label, since });
  }
  return stale.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
}

function medianToAcknowledge(inPeriod: readonly Change[]): number | null {
  const tookMs: number[] = [];
  for (const ofAlarm of byAlarm(inPeriod).values()) {
    let upAt: number | null = null;
    for (const { at, because, fromState, toState } of ofAlarm) {
      if (isAnnounced(fromState, toState)) upAt = at;
      else if (upAt !== null && because === 'person' && isSeen(fromState, toState)) {
        tookMs.push(at - upAt);
        upAt = null;
      }
    }
  }
  tookMs.sort((a, b) => a - b);
  const middle = Math.floor(tookMs.length / 2);
  const [low = 0, high = 0] = [tookMs[middle - 1 + (tookMs.length % 2)], tookMs[middle]];
  return tookMs.length === 0 ? null : Math.max(0, Math.round((low + high) / 2));
}

/** A person said that it was seen; putting aside or taking out says nothing of seeing. */
function isSeen(from: Change['fromState'], to: Change['toState']): boolean {
  switch (from) {
    case 'unacknowledged':
      return to === 'acknowledged' || to === 'normal';
    case 'returned':
      return to === 'normal';
    case 'latched-unacknowledged':
      return to === 'latched-acknowledged' || to === 'normal';
    default:
      return false;
  }
}

function floodPercent({ period, floods }: KpiFacts): number {
  const began = new Map<string, number>();
  const stretches: Interval[] = [];
  for (const { line, at, phase } of floods) {
    const from = began.get(line);
    if (phase === 'began') {
      if (from === undefined) began.set(line, at);
    } else if (from !== undefined) {
      stretches.push({ from, to: at });
      began.delete(line);
    }
  }
  for (const from of began.values()) stretches.push({ from, to: period.to });
  return percent(lengthMs(common(stretches, [period])), period.to - period.from);
}

/** @param times in any order. @returns the most of them within any such stretch, its end excluded. */
export function mostWithin(times: readonly number[], windowMs: number): number {
  const inOrder = [...times].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [n, at] of inOrder.entries()) {
    while ((inOrder[first] ?? at) <= at - windowMs) first += 1;
    most = Math.max(most, n - first + 1);
  }
  return most;
}

function byAlarm(changes: readonly Change[]): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const id = alarmId(change);
    const list = found.get(id);
    if (list === undefined) found.set(id, [change]);
    else list.push(change);
  }
  return found;
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : rounded((100 * part) / whole);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
