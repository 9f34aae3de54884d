/** What the library throws when a service fails, in a form that can be switched on. */

/** Sent by servers as `ServiceResult is BadSomething (0x80…)`, wrapped in sentences by the library. */
const STATUS_NAME = /\bBad[A-Z]\w+/u;
const LONGEST_REASON_CHARACTERS = 300;

/** @returns the OPC UA status name in an error (`BadNoSubscription`), or null when it carries none. */
export function statusNameOf(error: unknown): string | null {
  return error instanceof Error ? (STATUS_NAME.exec(error.message)?.[0] ?? null) : null;
}

/** @returns an error as one short line for a person. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/gu, ' ').trim().slice(0, LONGEST_REASON_CHARACTERS);
}
