/** What has become of an act that somebody did at this screen. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { Answered, Entry } from '../outbox/entry.ts';

export type ActOutcome =
  /** Kept, and not answered yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly entry: Entry; readonly refusal: NonNullable<Entry['refusal']> }
  | { readonly kind: 'recorded'; readonly answer: ActAnswer }
  /** Neither kept nor answered: somebody has put it away. */
  | { readonly kind: 'gone' };

export interface OutboxView {
  readonly waiting: readonly Entry[];
  readonly refused: readonly Entry[];
  readonly answered: readonly Answered[];
}

/** @param key of the act in the outbox. */
export function outcomeOf(key: string, { waiting, refused, answered }: OutboxView): ActOutcome {
  const recorded = answered.find((one) => one.key === key);
  if (recorded !== undefined) return { kind: 'recorded', answer: recorded.answer };
  const entry = refused.find((one) => one.key === key);
  if (entry?.refusal != null) return { kind: 'refused', entry, refusal: entry.refusal };
  return waiting.some((one) => one.key === key) ? { kind: 'waiting' } : { kind: 'gone' };
}
