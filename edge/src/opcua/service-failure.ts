/** What the library throws when a service fails, in a form that can be switched on. */

/** Sent by servers as `ServiceResult is BadSomething (0x80…)`, wrapped in sentences by the library. */
const STATUS_NAME = /\bBad[A-Z]\w+/u;
const LONGEST_REASON_CHARACTERS = 300;
/** What the server says when the session, not the service, is at fault. */
const SESSION_ENDERS = /BadSession|BadSecureChannel|BadConnection|BadTcp|BadShutdown|BadServerHalted/u;

/** @returns the OPC UA status name in an error (`BadNoSubscription`), or null when it carries none. */
export function statusNameOf(error: unknown): string | null {
  return error instanceof Error ? (STATUS_NAME.exec(error.message)?.[0] ?? null) : null;
}

/** @param status as {@link statusNameOf} gives it. */
export function endsSession(status: string): boolean {
  return SESSION_ENDERS.test(status);
}

/** @returns an error as one short line for a person. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/gu, ' ').trim().slice(0, LONGEST_REASON_CHARACTERS);
}
