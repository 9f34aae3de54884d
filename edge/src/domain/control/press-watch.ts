/**
 * Following a press by its own count of bales, which it never resets: what it gave out is the difference, so that a
 * bale is told once however often the count is read, and those of an outage are known to be missed.
 */
import type { PressEjected } from '@trame/protocol/control/control-events';
import { CONFIRMED_BY_STANDING_MS } from '../confirm-total.ts';
import type { PressInputs } from './read-inputs.ts';

export interface PressWatch {
  /** Count up to which bales were told; null: none was read yet. */
  readonly told: number | null;
  /** Highest count before it went back, while no bale was counted since; null: it did not. A PLC that boots shows its own again. */
  readonly fellFrom: number | null;
  /** Whether it could not be read since the last count that was believed. */
  readonly wasAway: boolean;
  /** What it says now that nobody believes yet: a count that jumps or goes back has to stand. */
  readonly doubtful: { readonly bales: number; readonly sinceMs: number } | null;
  /** Outlet of the bale in the chamber, as the press said last; null: it has not. */
  readonly outlet: string | null;
}

/** More bales than this between two readings are believed when the count stands. */
const JUMP = 2;
/** So long when it could be read all the while, for it should have counted one after the other, ms. */
const JUMP_STANDS_MS = 30_000;
/** More than this were not pressed while nobody looked: it is another counter. */
export const MISSED_MAX = 10_000;

/** @param told count that was told before a restart; null: none. */
export function startPress(told: number | null): PressWatch {
  return { told, fellFrom: null, wasAway: true, doubtful: null, outlet: null };
}

/** @returns the watch, and the bale to tell. @param nowMs monotonic. */
export function nextPress(
  before: PressWatch,
  press: string,
  { bales, outlet }: PressInputs,
  nowMs: number,
): { readonly watch: PressWatch; readonly ejected: PressEjected | null } {
  const watch = { ...before, outlet: outlet ?? before.outlet };
  if (bales === null) return { watch: { ...watch, doubtful: null, wasAway: true }, ejected: null };
  if (bales === before.told) return { watch: { ...watch, doubtful: null, wasAway: false }, ejected: null };
  const { told, fellFrom } = before;
  const step = told === null ? Infinity : bales - told;
  // After it went back, what does not come one by one is its own count again, as far as that goes.
  const isOwnAgain = fellFrom !== null && step > JUMP;
  const more = isOwnAgain ? bales - fellFrom : step;
  const isSteady = step >= 0 && step <= JUMP;
  const standsMs = more > JUMP && !before.wasAway ? JUMP_STANDS_MS : CONFIRMED_BY_STANDING_MS;
  if (!isSteady && !hasStood(before, bales, standsMs, nowMs)) {
    const doubtful = before.doubtful?.bales === bales ? before.doubtful : { bales, sinceMs: nowMs };
    return { watch: { ...watch, doubtful }, ejected: null };
  }
  const counted = { ...watch, told: bales, fellFrom: null, wasAway: false, doubtful: null };
  if (step < 0 || more < 0) {
    return { watch: { ...counted, fellFrom: Math.max(fellFrom ?? 0, told ?? 0) }, ejected: null };
  }
  if (more === 0 || more > MISSED_MAX) return { watch: counted, ejected: null };
  // The chamber may show the next bale already in the reading that tells of this one.
  const ejected = { press, outlet: before.outlet ?? outlet, bales, missed: more - 1 };
  return { watch: { ...counted, outlet: null }, ejected };
}

function hasStood({ doubtful }: PressWatch, bales: number, standsMs: number, nowMs: number): boolean {
  return doubtful?.bales === bales && nowMs - doubtful.sinceMs >= standsMs;
}
