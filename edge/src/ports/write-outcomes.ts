/** How a write that is not confirmed is told. */
import type { WriteOutcome } from './device-writer.ts';

type Outcome<K extends WriteOutcome['kind']> = Extract<WriteOutcome, { kind: K }>;

/** @param reason in words for a person. */
export function refused(reason: string): Outcome<'refused'> {
  return { kind: 'refused', reason };
}

/** Nothing was read back. @param reason in words for a person. */
export function unconfirmed(reason: string): Outcome<'unconfirmed'> {
  return { kind: 'unconfirmed', readBack: null, reason };
}
