/** Why a piece went where it went, in one sentence: pure. */
import type { ItemExplainData, ItemRow } from '@trame/protocol/classification/item-requests';
import { t } from '../messages/translate.ts';
import { ruleStory } from './rule-story.ts';

/**
 * @param outletLabel name of an outlet.
 * @param ruleLabels of the programme by which it was judged, by their ids; of what cannot be read here none.
 */
export function matchedSentence(
  { item, programme, rules }: Pick<ItemExplainData, 'item' | 'programme' | 'rules'>,
  outletLabel: (id: string) => string,
  ruleLabels: ReadonlyMap<string, string> = new Map(),
): string {
  const outlet = outletLabel(item.decided);
  if (item.rule === null) return t(programme === null ? 'piece.noProgramme' : 'piece.noRule', { outlet });
  const { matched, before } = ruleStory(rules ?? [], item.rule);
  if (matched === null) {
    const rule = ruleLabels.get(item.rule);
    return rule === undefined
      ? t('piece.someRuleOfOther', { outlet })
      : t('piece.ruleOfOther', { outlet, rule });
  }
  const named = { outlet, rule: matched.rule.label };
  return before.length === 0
    ? t('piece.firstRule', named)
    : t('piece.matchedRule', { ...named, count: before.length });
}

/** Of a verdict that did not come to the sorter as it should. */
export function writeSentence(
  { wrote, decided, outlet }: Pick<ItemRow, 'wrote' | 'decided' | 'outlet'>,
  outletLabel: (id: string) => string,
): string {
  const names = { decided: outletLabel(decided), outlet: outletLabel(outlet) };
  switch (wrote) {
    case 'in-time':
      return t('piece.wroteInTime', names);
    case 'late':
      return t('piece.wroteLate', names);
    case 'refused':
      return t('piece.wroteRefused', names);
    case 'not-written':
      return t('piece.wroteNot', names);
  }
}
