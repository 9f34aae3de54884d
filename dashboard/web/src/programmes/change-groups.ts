/** Changes of a programme, told in the order in which a person asks about them. */
import type { MessageKey } from '../messages/translate.ts';

interface Change {
  readonly kind: string;
  readonly words: string;
}

/** By the first word of their kind. */
const GROUPS: readonly (readonly [kinds: readonly string[], words: MessageKey])[] = [
  [['rule', 'test'], 'programme.groupRules'],
  [['threshold'], 'programme.groupThresholds'],
  [['ceiling'], 'programme.groupCeilings'],
];

/** What is of no group that is known comes last. */
export function changeGroups(
  changes: readonly Change[],
): readonly { readonly words: MessageKey; readonly changes: readonly Change[] }[] {
  const wordOf = ({ kind }: Change): string => kind.split('-')[0] ?? '';
  const known = GROUPS.map(([kinds, words]) => ({
    words,
    changes: changes.filter((change) => kinds.includes(wordOf(change))),
  }));
  const others = changes.filter((change) => !GROUPS.some(([kinds]) => kinds.includes(wordOf(change))));
  return [...known, { words: 'programme.groupOther' as const, changes: others }].filter(
    (group) => group.changes.length > 0,
  );
}
