/**
 * The load on a scale that keeps no numbers: one weighing for each load that stands still, and none before the
 * scale was empty again. What is put on top of a load is not guessed.
 */
import type { WeighingRefusalReason } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';
import { isAboveMax, refusalOf } from './weighing-verdict.ts';

/** The scale counts as empty again when it showed less than Min for this long, ms: no swing of a load does. */
export const EMPTY_FOR_MS = 500;

/** A good indication of gross, stable and overload together. */
export interface Indication {
  readonly grossGrams: number;
  /** It has stood for as long as the configuration asks. */
  readonly stands: boolean;
  readonly isOverload: boolean;
  readonly isBelowMin: boolean;
  /** Null: not known, so nothing can be weighed. */
  readonly tareGrams: number | null;
  /** Up to when it was seen, monotonic ms. */
  readonly untilMs: number;
}

export interface LoadState {
  /**
   * `unknown`: Trame has just begun to look. `empty`: the next load is weighed. `loaded`: one is there. `done`: it
   * was dealt with, and has to go before the next.
   */
  readonly phase: 'unknown' | 'empty' | 'loaded' | 'done';
  /** Since when the scale has shown less than Min, monotonic ms; null: it does not. */
  readonly lightSinceMs: number | null;
  /** Since when it has been overloaded. */
  readonly overSinceMs: number | null;
  /** Since when a load is there. */
  readonly loadedSinceMs: number | null;
  /** The most that it showed, grams. */
  readonly peakGrams: number;
  /** It stood still once. */
  readonly stood: boolean;
  /** A refusal of this load was told. */
  readonly told: boolean;
  /** It was seen at zero since the last load: what comes up from there is a load, not a rest. */
  readonly fromZero: boolean;
  /** A load below Min that stood still, grams. */
  readonly smallGrams: number | null;
  /** What stood there last while its tare was not known, grams; null: its tare was. */
  readonly untaredGrams: number | null;
  /** An empty container whose tare was taken, grams. */
  readonly containerGrams: number | null;
}

export const LOAD_UNKNOWN: LoadState = {
  phase: 'unknown',
  lightSinceMs: null,
  overSinceMs: null,
  loadedSinceMs: null,
  peakGrams: 0,
  stood: false,
  told: false,
  fromZero: false,
  smallGrams: null,
  untaredGrams: null,
  containerGrams: null,
};

const EMPTY: LoadState = { ...LOAD_UNKNOWN, phase: 'empty' };

export type LoadNews =
  | { readonly kind: 'weighed'; readonly grossGrams: number; readonly tareGrams: number }
  | { readonly kind: 'refused'; readonly reason: WeighingRefusalReason; readonly shownGrams: number };

export interface LoadStep {
  readonly state: LoadState;
  readonly news: LoadNews | null;
}

/** Nothing good is shown: times that have to be without a break begin anew, the rest stays. */
export function loadUnseen(state: LoadState): LoadState {
  if (state.lightSinceMs === null && state.overSinceMs === null) return state;
  return { ...state, lightSinceMs: null, overSinceMs: null };
}

export function nextLoad(before: LoadState, seen: Indication, config: ScaleConfig): LoadStep {
  const isLight = seen.isBelowMin || seen.grossGrams < leastLoadGrams(config);
  const isOver = seen.isOverload || isAboveMax(config, seen.grossGrams);
  const state = {
    ...before,
    lightSinceMs: isLight && !isOver ? (before.lightSinceMs ?? seen.untilMs) : null,
    overSinceMs: isOver ? (before.overSinceMs ?? seen.untilMs) : null,
  };
  const isGone = state.lightSinceMs !== null && seen.untilMs - state.lightSinceMs >= EMPTY_FOR_MS;
  switch (state.phase) {
    case 'unknown':
      return isGone ? nothing(emptied(state, seen, config)) : meet(state, seen);
    case 'empty':
      return isLight && !isOver ? watchSmall(state, seen, config) : load(loaded(state, seen), seen, config);
    case 'loaded':
      return isGone ? leave(state, seen, config) : load(state, seen, config);
    case 'done':
      return nothing(isGone ? emptied(state, seen, config) : state);
  }
}

/** What counts as a load, grams: Min, or else what the scale can tell from nothing. */
export function leastLoadGrams({ minGrams, intervalGrams }: ScaleConfig): number {
  return minGrams ?? intervalGrams ?? 1;
}

function nothing(state: LoadState): LoadStep {
  return { state, news: null };
}

function refuse(state: LoadState, reason: WeighingRefusalReason, shownGrams: number): LoadStep {
  return { state: { ...state, told: true }, news: { kind: 'refused', reason, shownGrams } };
}

function isNearZero({ grossGrams }: Indication, { intervalGrams }: ScaleConfig): boolean {
  return Math.abs(grossGrams) <= (intervalGrams ?? 0) / 2;
}

function emptied({ lightSinceMs }: LoadState, seen: Indication, config: ScaleConfig): LoadState {
  return { ...EMPTY, lightSinceMs, fromZero: isNearZero(seen, config) };
}

/** A load that stood there before Trame looked: the one recorded last, or another as heavy, which nobody can tell. */
function meet(state: LoadState, seen: Indication): LoadStep {
  if (!seen.stands || state.lightSinceMs !== null) return nothing(state);
  return refuse({ ...state, phase: 'done' }, 'unwitnessed', seen.grossGrams);
}

/** Between zero and Min: refused once it stood there and is gone; a load that grows past Min is another matter. */
function watchSmall(state: LoadState, seen: Indication, config: ScaleConfig): LoadStep {
  if (isNearZero(seen, config)) {
    const rested: LoadState = { ...state, fromZero: true, smallGrams: null };
    return state.smallGrams === null ? nothing(rested) : refuse(rested, 'below-min', state.smallGrams);
  }
  const isSmall = state.fromZero && seen.stands && seen.grossGrams > 0;
  return nothing(isSmall ? { ...state, smallGrams: seen.grossGrams } : state);
}

function loaded(state: LoadState, seen: Indication): LoadState {
  return { ...EMPTY, phase: 'loaded', overSinceMs: state.overSinceMs, loadedSinceMs: seen.untilMs };
}

function load(before: LoadState, seen: Indication, config: ScaleConfig): LoadStep {
  const state = { ...before, peakGrams: Math.max(before.peakGrams, seen.grossGrams) };
  if (state.overSinceMs !== null) {
    const isHeld = seen.untilMs - state.overSinceMs >= config.stableForMs;
    return isHeld && !state.told ? refuse(state, 'overload', seen.grossGrams) : nothing(state);
  }
  if (!seen.stands || state.lightSinceMs !== null) return nothing(state);
  if (seen.tareGrams === null) return nothing(untared(state, seen, config));
  const still: LoadState = { ...state, stood: true, untaredGrams: null };
  const netGrams = seen.grossGrams - seen.tareGrams;
  // An empty container whose tare was taken: it is going to be filled.
  const isContainer = Math.abs(netGrams) <= (config.intervalGrams ?? 0) / 2;
  if (isContainer) return nothing({ ...still, containerGrams: seen.grossGrams });
  const reason = refusalOf(config, netGrams, seen.grossGrams);
  if (reason !== null) return still.told ? nothing(still) : refuse(still, reason, seen.grossGrams);
  const weighed: LoadNews = { kind: 'weighed', grossGrams: seen.grossGrams, tareGrams: seen.tareGrams };
  return { state: { ...still, phase: 'done' }, news: weighed };
}

/** It may yet be tared. A container that was, and is empty still, carries nothing to weigh. */
function untared(state: LoadState, { grossGrams }: Indication, { intervalGrams }: ScaleConfig): LoadState {
  const { containerGrams } = state;
  const isEmptied = containerGrams !== null && Math.abs(grossGrams - containerGrams) <= (intervalGrams ?? 0);
  return { ...state, stood: true, untaredGrams: isEmptied ? null : grossGrams };
}

/** It went away without having been weighed. */
function leave(state: LoadState, seen: Indication, config: ScaleConfig): LoadStep {
  const lastedMs = (state.lightSinceMs ?? seen.untilMs) - (state.loadedSinceMs ?? seen.untilMs);
  const next = emptied(state, seen, config);
  if (state.untaredGrams !== null && !state.told) {
    return { state: next, news: { kind: 'refused', reason: 'no-tare', shownGrams: state.untaredGrams } };
  }
  // A touch of the platform is no load.
  if (state.stood || state.told || lastedMs < config.stableForMs) return nothing(next);
  return { state: next, news: { kind: 'refused', reason: 'unstable', shownGrams: state.peakGrams } };
}
