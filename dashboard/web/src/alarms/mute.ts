/** How long the sound of alarms is off: pure. Times are server time, ms since 1970 UTC. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { isUnseen } from './alarm-order.ts';
import { priorityOf } from './alarm-words.ts';

export const MUTE_MAX_MS = 10 * 60_000;

export interface Mute {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** @returns a silence from now on, never longer than {@link MUTE_MAX_MS}. */
export function muteFor(nowMs: number, forMs: number): Mute {
  return { sinceMs: nowMs, untilMs: nowMs + Math.min(forMs, MUTE_MAX_MS) };
}

/** An alarm of the first priority that came up since ends the silence. */
export function isMuted(
  mute: Mute | null,
  rows: readonly Pick<AlarmRow, 'priority' | 'state' | 'raisedAt'>[],
  nowMs: number,
): boolean {
  if (mute === null || nowMs >= mute.untilMs) return false;
  return !rows.some(
    (row) => isUnseen(row) && priorityOf(row.priority) === 1 && (row.raisedAt ?? 0) > mute.sinceMs,
  );
}
