/**
 * What an alarm is told of its condition, after its delays: a value counts once it has held that long. What is not known
 * changes nothing but, after a while, that it is not known; and it breaks off a delay, which begins anew with the next
 * value, since nobody can say that it held.
 */
export interface HeldInput {
  /** What counts; the last that was known when nothing is. */
  readonly value: boolean;
  readonly known: boolean;
  /** Monotonic ms at which the value that counts was there first; orders what comes up in one look. */
  readonly sinceMs: number;
  /** What differs from it, and since when; null value: it is not known. */
  readonly pending: { readonly value: boolean | null; readonly sinceMs: number } | null;
}

export interface InputDelays {
  /** How long it must be true, and false, before it counts, ms. */
  readonly onMs: number;
  readonly offMs: number;
}

/** How long a value must be unknown before that is said, ms: a device that blinks is no news. */
export const UNKNOWN_AFTER_MS = 5_000;

export function startHeld(value: boolean, known: boolean, nowMs: number): HeldInput {
  return { value, known, sinceMs: nowMs, pending: null };
}

/** @param raw what is seen now; null: not known. @param nowMs monotonic. */
export function nextHeld(
  held: HeldInput,
  raw: boolean | null,
  delays: InputDelays,
  nowMs: number,
): HeldInput {
  const isSame = raw === null ? !held.known : held.known && raw === held.value;
  if (isSame) return held.pending === null ? held : { ...held, pending: null };
  // It counts already; that it is known again needs no time.
  if (raw === held.value) return { ...held, known: true, pending: null };
  const pending = held.pending?.value === raw ? held.pending : { value: raw, sinceMs: nowMs };
  const waitMs = raw === null ? UNKNOWN_AFTER_MS : raw ? delays.onMs : delays.offMs;
  if (nowMs - pending.sinceMs < waitMs) return { ...held, pending };
  if (raw === null) return { ...held, known: false, pending: null };
  return { value: raw, known: true, sinceMs: pending.sinceMs, pending: null };
}
