/** How a reading of the scale goes on: empty, moving, stable, or not to be had. */
import type { ScaleReading } from './scale-reading.ts';

/** Less than this on the scale is nothing: dust, a glove, a hand. */
export const EMPTY_BELOW_GRAMS = 1_000;
/** A scale that does not say whether it is stable is believed when its figure has stood so long. */
export const STILL_MS = 2_000;
/** After this long without rest the figure may be typed. */
export const UNSTABLE_LIMIT_MS = 20_000;

export type ScalePhase =
  | { readonly kind: 'none' }
  | { readonly kind: 'unlinked'; readonly why: 'no-wire' | 'no-link' | 'overload' }
  | { readonly kind: 'empty' }
  /** `sinceMs`: since when something lies on it without rest; `figureSinceMs`: since when it shows this figure. */
  | {
      readonly kind: 'moving';
      readonly grams: number;
      readonly sinceMs: number;
      readonly figureSinceMs: number;
    }
  | { readonly kind: 'stable'; readonly grams: number };

/** @param nowMs any clock that never goes back. */
export function nextPhase(before: ScalePhase, reading: ScaleReading, nowMs: number): ScalePhase {
  switch (reading.kind) {
    case 'none':
      return { kind: 'none' };
    case 'unlinked':
      return { kind: 'unlinked', why: reading.why };
    case 'value':
      return onValue(before, reading, nowMs);
  }
}

function onValue(
  before: ScalePhase,
  { grams, stable }: ScaleReading & { kind: 'value' },
  nowMs: number,
): ScalePhase {
  if (Math.abs(grams) < EMPTY_BELOW_GRAMS || grams < 0) return { kind: 'empty' };
  if (stable === true) return { kind: 'stable', grams };
  if (stable === null && before.kind === 'stable' && before.grams === grams) return before;
  const sinceMs = before.kind === 'moving' ? before.sinceMs : nowMs;
  const figureSinceMs = before.kind === 'moving' && before.grams === grams ? before.figureSinceMs : nowMs;
  if (stable === null && nowMs - figureSinceMs >= STILL_MS) return { kind: 'stable', grams };
  return { kind: 'moving', grams, sinceMs, figureSinceMs };
}

/** Whether the figure may be typed because the scale finds no rest. */
export function restless(phase: ScalePhase, nowMs: number): boolean {
  return phase.kind === 'moving' && nowMs - phase.sinceMs >= UNSTABLE_LIMIT_MS;
}
