/** Interlocks on one snapshot of the line. What is not known forbids. */
import type { InterlockState } from '@trame/protocol/control/control-picture';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { MotionCommand } from '@trame/protocol/control/control-names';
import { holds } from '../condition.ts';
import type { TagRef } from '../tag-ref.ts';
import type { TagState } from '../tag-state.ts';
import type { InterlockConfig } from './control-config.ts';

/** @param tag null: nothing is known of it. */
export function interlockStates(
  interlocks: readonly InterlockConfig[],
  tag: (ref: TagRef) => TagState | null,
): readonly InterlockState[] {
  return interlocks.map(({ id, when, forbids, words }) => {
    const held = holds(when, tag(when.tag));
    return { id, words, forbidding: held !== false, unknown: held === null, forbids: [...forbids] };
  });
}

/** What is not known is not said to be so. */
const UNKNOWN_WORDS = 'Mesure inconnue, donc interdit : ';

/** @returns the interlocks that forbid this command now. */
export function forbidding(
  states: readonly InterlockState[],
  command: MotionCommand,
): readonly CommandReason[] {
  return states
    .filter((state) => state.forbidding && state.forbids.includes(command))
    .map(({ id, words, unknown }) => ({
      code: 'interlock',
      ref: id,
      words: unknown ? `${UNKNOWN_WORDS}${words}` : words,
    }));
}
