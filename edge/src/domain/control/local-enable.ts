/**
 * The local enable: a button at the line by which somebody who sees it says that it may start. It counts from the
 * moment it goes down, so one that is stuck, or was down already when it was first read, counts no longer than a press.
 */

export interface LocalEnable {
  /** As read last; null: not known. */
  readonly pressed: boolean | null;
  /** When it went down last, monotonic ms; null: not seen. */
  readonly pressedAtMs: number | null;
}

export const NEVER_PRESSED: LocalEnable = { pressed: null, pressedAtMs: null };

/** @param pressed null: the tag is bad. @param nowMs monotonic. */
export function nextEnable(before: LocalEnable, pressed: boolean | null, nowMs: number): LocalEnable {
  const wentDown = before.pressed === false && pressed === true;
  return { pressed, pressedAtMs: wentDown ? nowMs : before.pressedAtMs };
}

/** @returns how long it still counts, whole ms; 0: it does not. */
export function enableLeftMs({ pressedAtMs }: LocalEnable, withinMs: number, nowMs: number): number {
  if (pressedAtMs === null) return 0;
  return Math.max(0, Math.ceil(withinMs - (nowMs - pressedAtMs)));
}
