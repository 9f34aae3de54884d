/**
 * The local enable: a button at the line by which somebody who sees it says that it may start. It counts from the
 * moment it goes down, so one that is stuck, or was down already when it was first read, counts no longer than a press.
 * One press serves one start: what it let go, nothing else goes by.
 */

export interface LocalEnable {
  /** As read last; null: not known. */
  readonly pressed: boolean | null;
  /** When it went down last, monotonic ms; null: not seen. */
  readonly pressedAtMs: number | null;
  /** Request for which the device was asked since it went down; null: none, so that it serves whoever asks next. */
  readonly usedBy: string | null;
}

export const NEVER_PRESSED: LocalEnable = { pressed: null, pressedAtMs: null, usedBy: null };

/** @param pressed null: the tag is bad. @param nowMs monotonic. */
export function nextEnable(before: LocalEnable, pressed: boolean | null, nowMs: number): LocalEnable {
  const wentDown = before.pressed === false && pressed === true;
  return wentDown ? { pressed, pressedAtMs: nowMs, usedBy: null } : { ...before, pressed };
}

/** The device is asked to set the line in motion. */
export function enableUsed(enable: LocalEnable, request: string): LocalEnable {
  return { ...enable, usedBy: request };
}

/**
 * @param request that it is to serve; null: one that was not begun.
 * @returns how long it still counts, whole ms; 0: it does not.
 */
export function enableLeftMs(
  { pressedAtMs, usedBy }: LocalEnable,
  withinMs: number,
  nowMs: number,
  request: string | null = null,
): number {
  if (pressedAtMs === null || (usedBy !== null && usedBy !== request)) return 0;
  return Math.max(0, Math.ceil(withinMs - (nowMs - pressedAtMs)));
}
