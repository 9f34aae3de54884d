/** What is sent of what a person does about an alarm: pure. */
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';

const MINUTE_MS = 60_000;
/** What may be chosen; none is longer than a shift. */
export const SHELVE_CHOICES_MS = [
  15 * MINUTE_MS,
  60 * MINUTE_MS,
  4 * 60 * MINUTE_MS,
  8 * 60 * MINUTE_MS,
] as const;
const REASON_CHARACTERS_MIN = 3;

/** Acts that need a word of a person; the others are one touch wherever they are offered. */
export type WordedAct = 'shelve' | 'out-of-service';

export function needsWords(act: AlarmAct): act is WordedAct {
  return act === 'shelve' || act === 'out-of-service';
}

/** @param occurrence which the person saw: a later one is not acknowledged by it. */
export function bodyAtOnce(act: Exclude<AlarmAct, WordedAct>, occurrence: number): object {
  return act === 'acknowledge' || act === 'reset' ? { occurrence } : {};
}

export interface ActDraft {
  words: string;
  forMs: number;
}

/** @returns the body of the act, or null when it lacks its reason. */
export function wordedBody(act: WordedAct, { words, forMs }: ActDraft): object | null {
  const reason = words.trim();
  if (reason.length < REASON_CHARACTERS_MIN) return null;
  return act === 'shelve' ? { forMs, reason } : { reason };
}
