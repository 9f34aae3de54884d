/** Stable indications that were seen lately: an indicator that only tells the net is completed from them. */
import type { ScaleConfig } from './line-config.ts';

export interface StableWindow {
  readonly grossGrams: number;
  /** Null: not known. */
  readonly tareGrams: number | null;
}

/** The load itself, what was left of it, and the platform after it; the oldest is forgotten. */
export const WINDOWS_MAX = 4;

/** @returns the windows with this one as the latest. The same load standing on is one window. */
export function pushWindow(
  windows: readonly StableWindow[],
  window: StableWindow,
  intervalGrams: number | null,
): readonly StableWindow[] {
  const latest = windows.at(-1);
  const isSame =
    latest !== undefined &&
    latest.tareGrams === window.tareGrams &&
    Math.abs(latest.grossGrams - window.grossGrams) <= (intervalGrams ?? 0);
  if (isSame) return windows;
  return [...windows, window].slice(-WINDOWS_MAX);
}

/**
 * Gross and tare of a weighing of which only the net was told: of the latest stable window that agrees within
 * one interval. Without tare, or with a configured one, they follow from the net.
 */
export function completed(
  config: ScaleConfig,
  windows: readonly StableWindow[],
  netGrams: number,
): { readonly grossGrams: number | null; readonly tareGrams: number | null } {
  if (config.tareKind === 'none') return { grossGrams: netGrams, tareGrams: 0 };
  if (config.presetTareGrams !== null) {
    return { grossGrams: netGrams + config.presetTareGrams, tareGrams: config.presetTareGrams };
  }
  const tolerance = config.intervalGrams ?? 0;
  const found = windows.findLast(
    ({ grossGrams, tareGrams }) =>
      tareGrams !== null && Math.abs(grossGrams - tareGrams - netGrams) <= tolerance,
  );
  return found ?? { grossGrams: null, tareGrams: null };
}
