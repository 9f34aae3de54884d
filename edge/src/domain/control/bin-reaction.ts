/**
 * What happens when a bin is full: once in each filling, Trame itself leads the outlet elsewhere or holds the line. What
 * a person has just set by hand stays as it was set.
 */
import type { BinConfig } from './control-config.ts';

export interface BinWatch {
  readonly isFull: boolean;
  /** Since when it says that it is not full, monotonic ms; null: it does not. */
  readonly emptySinceMs: number | null;
  /** What is still to be done for this filling. */
  readonly todo: 'divert' | 'hold' | null;
  /** Not tried again before, monotonic ms. */
  readonly notBeforeMs: number;
  /** Trame's own request that is under way for it; null: none. */
  readonly request: string | null;
  /** Until when a change of where it is led may be Trame's own, monotonic ms. */
  readonly ownUntilMs: number;
  /** Number of the outlet that it was led to when it was seen last. */
  readonly ledTo: number | null;
  /** When somebody else than Trame led it elsewhere last, monotonic ms. */
  readonly byHandAtMs: number;
}

export interface BinLook {
  /** Null: not known, which changes nothing. */
  readonly full: boolean | null;
  /** Number of the outlet that it is led to, 0 none; null: not known, or it cannot be led elsewhere. */
  readonly ledTo: number | null;
}

/** A level at the edge of full comes and goes: a filling is over when it has not been full for so long, ms. */
export const FILLING_OVER_MS = 10_000;
/** What a person set so lately stays, ms. */
export const HAND_CHANGE_MS = 60_000;
/** What could not be done is tried again after, ms. */
export const BIN_RETRY_MS = 10_000;

export const EMPTY_BIN: BinWatch = {
  isFull: false,
  emptySinceMs: null,
  todo: null,
  notBeforeMs: -Infinity,
  request: null,
  ownUntilMs: -Infinity,
  ledTo: null,
  byHandAtMs: -Infinity,
};

/** @param nowMs monotonic. */
export function nextBin(before: BinWatch, { reaction }: BinConfig, look: BinLook, nowMs: number): BinWatch {
  const watch = noteHand(before, look, nowMs);
  if (look.full === null) return watch;
  if (look.full) {
    if (watch.isFull) return { ...watch, emptySinceMs: null };
    const begun = { ...watch, isFull: true, emptySinceMs: null, notBeforeMs: nowMs };
    return { ...begun, todo: reaction.kind === 'none' ? null : reaction.kind };
  }
  if (!watch.isFull) return watch;
  const emptySinceMs = watch.emptySinceMs ?? nowMs;
  if (nowMs - emptySinceMs < FILLING_OVER_MS) return { ...watch, emptySinceMs };
  return { ...watch, isFull: false, emptySinceMs: null, todo: null };
}

/** @returns whether there is nothing to lead elsewhere: it is already, or a person has just decided. */
export function isLedAlready({ ledTo, byHandAtMs }: BinWatch, nowMs: number): boolean {
  return (ledTo !== null && ledTo !== 0) || nowMs - byHandAtMs < HAND_CHANGE_MS;
}

/** How long after Trame asked its own change may show, ms. */
const OWN_CHANGE_MS = 15_000;

/** Trame asks for something for this bin. */
export function binAsked(watch: BinWatch, request: string, nowMs: number): BinWatch {
  return { ...watch, request, ownUntilMs: nowMs + OWN_CHANGE_MS, notBeforeMs: nowMs + BIN_RETRY_MS };
}

/**
 * What Trame asked for has ended.
 * @param isDone null: it came to nothing, and is tried again. Where an outlet cannot be led elsewhere the line is held.
 */
export function binAnswered(watch: BinWatch, isDone: boolean | null): BinWatch {
  const over = { ...watch, request: null };
  if (isDone === null) return over;
  return { ...over, todo: !isDone && watch.todo === 'divert' ? 'hold' : null };
}

/** A person asked for it through Trame. */
export function ledByHand(watch: BinWatch, nowMs: number): BinWatch {
  return { ...watch, byHandAtMs: nowMs };
}

function noteHand(watch: BinWatch, { ledTo }: BinLook, nowMs: number): BinWatch {
  if (ledTo === null || ledTo === watch.ledTo) return watch;
  const isByHand = watch.ledTo !== null && nowMs >= watch.ownUntilMs;
  return { ...watch, ledTo, byHandAtMs: isByHand ? nowMs : watch.byHandAtMs };
}
