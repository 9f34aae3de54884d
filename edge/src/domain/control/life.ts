/**
 * Trame's own life counter, written to the PLC: one more at each beat, one beat under way at a time, so that a PLC that
 * is slow or away is not flooded. That it is written says that the machine that gives commands runs, and nothing else.
 */
import type { StepOutcome } from './control-types.ts';

export interface Life {
  readonly value: number;
  /** Monotonic ms of the last beat; null: none yet. */
  readonly beatAtMs: number | null;
  readonly isUnderWay: boolean;
  /** Why the last beat that ended was not taken, in words for a person; null: it was, or none has ended. */
  readonly untaken: string | null;
}

/** Fits an int16, so that it may be written to any register. */
export const LIFE_MAX = 32_767;
/** A beat whose end is not told after so long is given up, ms. */
export const BEAT_WITHIN_MS = 10_000;
const UNANSWERED = 'sans réponse';

export const UNBORN: Life = { value: 0, beatAtMs: null, isUnderWay: false, untaken: null };

/** @returns the beat to write now; null: it is not time, or one is under way. */
export function nextBeat(life: Life, everyMs: number, isOnline: boolean, nowMs: number): Life | null {
  const sinceMs = life.beatAtMs === null ? Infinity : nowMs - life.beatAtMs;
  if (!isOnline || sinceMs < everyMs) return null;
  if (life.isUnderWay && sinceMs < BEAT_WITHIN_MS) return null;
  const untaken = life.isUnderWay ? UNANSWERED : life.untaken;
  return { value: life.value >= LIFE_MAX ? 1 : life.value + 1, beatAtMs: nowMs, isUnderWay: true, untaken };
}

export function beatEnded(life: Life, outcome: StepOutcome): Life {
  return { ...life, isUnderWay: false, untaken: outcome.kind === 'confirmed' ? null : outcome.reason };
}
