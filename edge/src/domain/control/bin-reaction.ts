/**
 * What happens when a bin is full: once in each filling, Trame itself leads the outlet elsewhere or holds the line. What
 * a person has just set by hand stays as it was set. What Trame led elsewhere it has a claim on, until somebody else
 * changes it: only that is led back.
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
  /** Times that the line was asked in vain to hold for this filling. */
  readonly vainHolds: number;
  /** Trame's own request that is under way for it; null: none. */
  readonly request: string | null;
  /** Whether that request leads it back. */
  readonly isLeadingBack: boolean;
  /** Until when a change of where it is led may be Trame's own, monotonic ms. */
  readonly ownUntilMs: number;
  /** Number of the outlet that it was led to when it was seen last. */
  readonly ledTo: number | null;
  /** When somebody else than Trame led it elsewhere last, monotonic ms. */
  readonly byHandAtMs: number;
  /** Since when it has been seen not to be full, without a gap, monotonic ms; null: it has not. */
  readonly notFullSinceMs: number | null;
  /** What may still show although Trame has changed it; null: what Trame set has been seen. */
  readonly lag: { readonly ledTo: number; readonly untilMs: number } | null;
  readonly claim: BinClaim;
}

/** Whether where an outlet is led is Trame's own doing. */
export type BinClaim =
  | { readonly kind: 'none' }
  /** Asked for, when the outlet was led nowhere else. `to`: number of the outlet. */
  | { readonly kind: 'asked'; readonly to: number }
  /** Trame led it there and nobody has changed it since. Not led back before, monotonic ms. */
  | { readonly kind: 'held'; readonly to: number; readonly notBeforeMs: number }
  /** Somebody has changed it, which the ledger is still to be told. */
  | { readonly kind: 'given-up' };

export interface BinLook {
  /** Whether Trame's own request for it waits for the ledger, so that nothing is written yet. */
  readonly isRecording: boolean;
  /** Null: not known, which changes nothing. */
  readonly full: boolean | null;
  /** Number of the outlet that it is led to, 0 none; null: not known, or it cannot be led elsewhere. */
  readonly ledTo: number | null;
}

/** A level at the edge of full comes and goes: a filling is over when it has not been full for so long, ms. */
export const FILLING_OVER_MS = 10_000;
/** What a person set so lately stays, ms. */
export const HAND_CHANGE_MS = 60_000;
/** What could not be done is tried again after, ms; a hold after twice as long each time, up to. Each attempt is recorded. */
export const BIN_RETRY_MS = 10_000;
export const BIN_RETRY_MAX_MS = 60_000;
/** What Trame led elsewhere is led back when it has been so, and the bin not full, for so long, ms. */
export const LEAD_BACK_AFTER_MS = 30_000;
/** What could not be led back is tried again after: each attempt is recorded, ms. */
export const LEAD_BACK_RETRY_MS = 300_000;

const NO_CLAIM: BinClaim = { kind: 'none' };

export const EMPTY_BIN: BinWatch = {
  isFull: false,
  emptySinceMs: null,
  todo: null,
  notBeforeMs: -Infinity,
  vainHolds: 0,
  request: null,
  isLeadingBack: false,
  ownUntilMs: -Infinity,
  ledTo: null,
  byHandAtMs: -Infinity,
  notFullSinceMs: null,
  lag: null,
  claim: NO_CLAIM,
};

/** @param to number of the outlet that Trame led it to before a restart. */
export function claimedBin(to: number): BinWatch {
  return { ...EMPTY_BIN, claim: { kind: 'held', to, notBeforeMs: -Infinity } };
}

/** @param nowMs monotonic. */
export function nextBin(before: BinWatch, { reaction }: BinConfig, look: BinLook, nowMs: number): BinWatch {
  const seen = noteClaim(noteHand(before, look, nowMs), look);
  const watch = { ...seen, notFullSinceMs: look.full === false ? (seen.notFullSinceMs ?? nowMs) : null };
  if (look.full === null) return watch;
  if (look.full) {
    if (watch.isFull) return { ...watch, emptySinceMs: null };
    const begun = { ...watch, isFull: true, emptySinceMs: null, notBeforeMs: nowMs, vainHolds: 0 };
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

/** @returns whether what it is led to may still be shown as it was before Trame's own change. */
export function isLagging({ lag }: BinWatch, nowMs: number): boolean {
  return lag !== null && nowMs < lag.untilMs;
}

/** How long after Trame asked its own change may show, ms. */
const OWN_CHANGE_MS = 15_000;

/** Trame asks for something for this bin. */
export function binAsked(watch: BinWatch, request: string, nowMs: number): BinWatch {
  const retryMs = Math.min(BIN_RETRY_MS * 2 ** watch.vainHolds, BIN_RETRY_MAX_MS);
  return { ...watch, request, ownUntilMs: nowMs + OWN_CHANGE_MS, notBeforeMs: nowMs + retryMs };
}

/**
 * What Trame asked for has ended.
 * @param isDone null: it came to nothing, and is tried again. Where an outlet cannot be led elsewhere the line is held;
 * a hold that was not done is asked for again.
 */
export function binAnswered(watch: BinWatch, isDone: boolean | null): BinWatch {
  const over = { ...watch, request: null };
  if (isDone === null) return over;
  if (isDone || watch.todo === null) return { ...over, todo: null };
  return { ...over, todo: 'hold', vainHolds: watch.vainHolds + (watch.todo === 'hold' ? 1 : 0) };
}

/** A person asked for it through Trame: it is theirs. */
export function ledByHand(watch: BinWatch, nowMs: number): BinWatch {
  return { ...watch, byHandAtMs: nowMs, claim: NO_CLAIM };
}

/** Trame asks to lead it elsewhere. @param ledTo as seen at this moment. */
export function divertAsked(watch: BinWatch, to: number | null, ledTo: number | null): BinWatch {
  // Where it is led already, or nobody sees, it may be a person's doing.
  return { ...watch, claim: to !== null && ledTo === 0 ? { kind: 'asked', to } : NO_CLAIM };
}

/** Trame asks to lead back what it has a claim on. */
export function leadBackAsked(watch: BinWatch, to: number, request: string, nowMs: number): BinWatch {
  const claim: BinClaim = { kind: 'held', to, notBeforeMs: nowMs + LEAD_BACK_RETRY_MS };
  return { ...watch, request, isLeadingBack: true, ownUntilMs: nowMs + OWN_CHANGE_MS, claim };
}

/** How what Trame asked for ended: `nothing` was written, it is `done`, or nobody knows. */
export type BinEnd = 'nothing' | 'done' | 'unclear';

export function divertEnded(watch: BinWatch, end: BinEnd, nowMs: number): BinWatch {
  const { claim } = watch;
  if (claim.kind !== 'asked') return watch;
  if (end !== 'done') return { ...watch, claim: NO_CLAIM };
  // Led late, when the bin was emptied already, it stays there as long: what falls is not led to and fro.
  const notBeforeMs = nowMs + LEAD_BACK_AFTER_MS;
  return { ...ledByTrame(watch, claim.to, nowMs), claim: { ...claim, kind: 'held', notBeforeMs } };
}

/** Where nobody knows how it is led now, it is left to people. */
export function leadBackEnded(watch: BinWatch, end: BinEnd, nowMs: number): BinWatch {
  if (end === 'nothing' && watch.claim.kind === 'held') return watch;
  const left = { ...watch, claim: NO_CLAIM };
  return end === 'done' ? ledByTrame(left, 0, nowMs) : left;
}

export function claimForgotten(watch: BinWatch): BinWatch {
  return { ...watch, claim: NO_CLAIM };
}

/** It was written and read back; a snapshot may still show what was before. */
function ledByTrame(watch: BinWatch, ledTo: number, nowMs: number): BinWatch {
  if (watch.ledTo === ledTo) return watch;
  const untilMs = nowMs + OWN_CHANGE_MS;
  const lag = watch.ledTo === null ? null : { ledTo: watch.ledTo, untilMs };
  return { ...watch, ledTo, lag, ownUntilMs: untilMs };
}

function noteHand(watch: BinWatch, { ledTo }: BinLook, nowMs: number): BinWatch {
  if (ledTo === null) return watch;
  const { lag } = watch;
  if (ledTo === watch.ledTo) return { ...watch, lag: null };
  if (lag !== null && ledTo === lag.ledTo && nowMs < lag.untilMs) return watch;
  const isByHand = watch.ledTo !== null && nowMs >= watch.ownUntilMs;
  return { ...watch, ledTo, lag: null, byHandAtMs: isByHand ? nowMs : watch.byHandAtMs };
}

function noteClaim(watch: BinWatch, { ledTo, isRecording }: BinLook): BinWatch {
  const { claim } = watch;
  if (claim.kind === 'asked' && isRecording && ledTo !== null && ledTo !== 0) {
    return { ...watch, claim: NO_CLAIM };
  }
  if (claim.kind !== 'held' || watch.ledTo === null || watch.ledTo === claim.to) return watch;
  // While Trame's own write is under way, its change may show before its end is told.
  if (watch.isLeadingBack && !isRecording && watch.ledTo === 0) return watch;
  return { ...watch, claim: { kind: 'given-up' } };
}
