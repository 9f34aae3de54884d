/** What was asked of a line, and what came of it, in words. What this page does not know is told by its name. */
import { MOTION_WORDS, OUTCOME_WORDS } from '../control/control-words.ts';
import { t, type MessageKey } from '../messages/translate.ts';

export function commandWord(command: string): string {
  return wordOf(MOTION_WORDS, command);
}

/** @param outcome null: nothing was heard of it yet. */
export function outcomeWord(outcome: string | null): string {
  return outcome === null ? t('shiftLog.noOutcome') : wordOf(OUTCOME_WORDS, outcome);
}

function wordOf(words: Readonly<Record<string, MessageKey>>, name: string): string {
  const key = Object.hasOwn(words, name) ? words[name] : undefined;
  return key === undefined ? name : t(key, { at: '' });
}
