/** Which alarms stand, in which order, and what they ask for: pure. Times are server time, ms since 1970 UTC. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import {
  FLOOD_BEGINS_ABOVE,
  FLOOD_ENDS_BELOW,
  FLOOD_WINDOW_MS,
  STANDING_STATES,
  type AlarmPriority,
  type AlarmStateName,
} from '@trame/protocol/alarms/alarm-names';
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import type { AlarmFilter } from './alarm-route.ts';
import { priorityOf } from './alarm-words.ts';

const UNSEEN: readonly AlarmStateName[] = ['unacknowledged', 'latched-unacknowledged', 'returned'];
const OVER: readonly AlarmStateName[] = ['returned', 'latched-acknowledged', 'latched-unacknowledged'];

/** Somebody has to look at it or to act. */
export function isStanding({ state }: Pick<AlarmRow, 'state'>): boolean {
  return STANDING_STATES.includes(state);
}

/** Nobody has said that it was seen. */
export function isUnseen({ state }: Pick<AlarmRow, 'state'>): boolean {
  return UNSEEN.includes(state);
}

/** Its condition is gone: nothing is to be done at the line any more. */
export function isOver({ state }: Pick<AlarmRow, 'state'>): boolean {
  return OVER.includes(state);
}

/** The worst first, of these what nobody has seen, of these the latest. */
export function inOrder<T extends Pick<AlarmRow, 'id' | 'priority' | 'state' | 'raisedAt' | 'changedAt'>>(
  rows: readonly T[],
): T[] {
  return rows.toSorted(
    (a, b) =>
      priorityOf(a.priority) - priorityOf(b.priority) ||
      Number(isUnseen(b)) - Number(isUnseen(a)) ||
      (b.raisedAt ?? b.changedAt) - (a.raisedAt ?? a.changedAt) ||
      (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
}

export interface AlarmChoice {
  readonly line: string | null;
  readonly priority: AlarmPriority | null;
  readonly filter: AlarmFilter | null;
}

const BY_FILTER: Readonly<Record<AlarmFilter, (row: Pick<AlarmRow, 'state'>) => boolean>> = {
  'a-acquitter': isUnseen,
  reportees: ({ state }) => state === 'shelved',
  'hors-service': ({ state }) => state === 'out-of-service',
};

/** Without a filter: what stands. */
export function chosen<T extends Pick<AlarmRow, 'line' | 'priority' | 'state'>>(
  rows: readonly T[],
  { line, priority, filter }: AlarmChoice,
): T[] {
  const fits = filter === null ? isStanding : BY_FILTER[filter];
  return rows.filter(
    (row) =>
      fits(row) &&
      (line === null || row.line === line) &&
      (priority === null || priorityOf(row.priority) === priority),
  );
}

/** What a person may do about an alarm as it stands, the nearest first. */
export function actsOf({ state }: Pick<AlarmRow, 'state'>): readonly AlarmAct[] {
  switch (state) {
    case 'unacknowledged':
      return ['acknowledge', 'shelve', 'out-of-service'];
    case 'returned':
      return ['acknowledge', 'shelve', 'out-of-service'];
    case 'acknowledged':
      return ['shelve', 'out-of-service'];
    case 'latched-unacknowledged':
      return ['acknowledge', 'reset', 'shelve', 'out-of-service'];
    case 'latched-acknowledged':
      return ['reset', 'shelve', 'out-of-service'];
    case 'shelved':
      return ['unshelve', 'out-of-service'];
    case 'out-of-service':
      return ['in-service'];
    case 'normal':
    case 'suppressed':
      return ['shelve', 'out-of-service'];
  }
}

/** @returns the gravest priority that asks for a sound: 1 or 2, unseen; null: silence. */
export function soundFor(rows: readonly Pick<AlarmRow, 'priority' | 'state'>[]): 1 | 2 | null {
  const priorities = rows.filter(isUnseen).map(({ priority }) => priorityOf(priority));
  if (priorities.includes(1)) return 1;
  return priorities.includes(2) ? 2 : null;
}

/** Whether more come up than anybody can answer, as far as the live picture tells. */
export function nextFlood(
  isFlood: boolean,
  rows: readonly Pick<AlarmRow, 'raisedAt'>[],
  nowMs: number,
): boolean {
  const count = cameUpLately(rows, nowMs);
  return isFlood ? count >= FLOOD_ENDS_BELOW : count > FLOOD_BEGINS_ABOVE;
}

/** Alarms that came up within the window of a flood and are still there. */
export function cameUpLately(rows: readonly Pick<AlarmRow, 'raisedAt'>[], nowMs: number): number {
  return rows.filter(({ raisedAt }) => raisedAt !== null && nowMs - raisedAt <= FLOOD_WINDOW_MS).length;
}
