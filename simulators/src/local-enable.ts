/** The local enable at the panel: who presses it, when, and for how long it counts. All in wall-clock ms, monotonic. */
export interface LocalEnable {
  /** When it was last pressed; null: never. */
  readonly pressedAtMs: number | null;
}

export const pressMs = 1_000;
/** Somebody who wants the line started presses it so often. */
export const pressEveryMs = 5_000;
/** A press counts for so long, from its end. */
export const enableCountsMs = 10_000;

export const neverPressed: LocalEnable = { pressedAtMs: null };

export function isPressed({ pressedAtMs }: LocalEnable, nowMs: number): boolean {
  return pressedAtMs !== null && nowMs - pressedAtMs < pressMs;
}

/** Whether the PLC takes a start from outside. */
export function counts({ pressedAtMs }: LocalEnable, nowMs: number): boolean {
  return pressedAtMs !== null && nowMs - pressedAtMs < pressMs + enableCountsMs;
}

/** Somebody presses it now. */
export function press(nowMs: number): LocalEnable {
  return { pressedAtMs: nowMs };
}

/** What the person at the panel does: `wanted` says that the line stands and is fit to be started. */
export function nextPress(enable: LocalEnable, wanted: boolean, nowMs: number): LocalEnable {
  const due = enable.pressedAtMs === null || nowMs - enable.pressedAtMs >= pressEveryMs;
  return wanted && due ? press(nowMs) : enable;
}
