/** The rules of a programme as one piece met them: pure. */
import type { ItemExplainData } from '@trame/protocol/classification/item-requests';

export type LookedAtRule = NonNullable<ItemExplainData['rules']>[number];

export interface RuleStep {
  /** Place in the programme, from 1. */
  readonly place: number;
  readonly rule: LookedAtRule;
  /** `failed`: looked at, and it did not hold. `matched`: the first that did. The others were not looked at any more. */
  readonly part: 'failed' | 'matched' | 'would-hold' | 'would-fail';
}

export interface RuleStory {
  readonly before: readonly RuleStep[];
  /** Null: the rule that took the piece is not among them. */
  readonly matched: RuleStep | null;
  readonly after: readonly RuleStep[];
}

/**
 * @param matched id of the rule that took the piece; null: none did.
 * @returns all of them before the one that took it, or all where that one is not among them.
 */
export function ruleStory(rules: readonly LookedAtRule[], matched: string | null): RuleStory {
  const at = rules.findIndex(({ id }) => id === matched);
  const end = at < 0 ? rules.length : at;
  const step =
    (offset: number, part: (rule: LookedAtRule) => RuleStep['part']) =>
    (rule: LookedAtRule, index: number): RuleStep => ({
      place: offset + index + 1,
      rule,
      part: part(rule),
    });
  const taken = rules[at];
  const failedOrNot = ({ failed }: LookedAtRule): RuleStep['part'] =>
    failed === null ? 'would-hold' : 'failed';
  return {
    before: rules.slice(0, end).map(step(0, failedOrNot)),
    matched: taken === undefined ? null : { place: at + 1, rule: taken, part: 'matched' },
    after: rules
      .slice(end + 1)
      .map(step(end + 1, ({ failed }) => (failed === null ? 'would-hold' : 'would-fail'))),
  };
}
