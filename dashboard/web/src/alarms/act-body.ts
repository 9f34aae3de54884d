/** What is sent of a dialog about an alarm: pure. */
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

export interface ActDraft {
  words: string;
  forMs: number;
}

/** @returns the body of the act, or null when it lacks its reason. */
export function actBody(act: AlarmAct, occurrence: number, { words, forMs }: ActDraft): object | null {
  const said = words.trim();
  switch (act) {
    case 'acknowledge':
      return said === '' ? { occurrence } : { occurrence, comment: said };
    case 'reset':
      return { occurrence };
    case 'shelve':
      return said.length < REASON_CHARACTERS_MIN ? null : { forMs, reason: said };
    case 'out-of-service':
      return said.length < REASON_CHARACTERS_MIN ? null : { reason: said };
    case 'unshelve':
    case 'in-service':
      return {};
  }
}
