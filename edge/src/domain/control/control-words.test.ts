/** What is said of a line agrees with what its buttons are called. */
import { LINE_STATES } from '@trame/protocol/ledger-payloads';
import { expect, it } from 'vitest';
import { infinitive, lineIs } from './control-words.ts';

it('a line that is held is «suspendue», as the button says; one that waits for material is not', () => {
  expect([lineIs('held'), infinitive('hold')]).toEqual(['La ligne est suspendue.', 'suspendre']);
  for (const state of LINE_STATES)
    expect([state, /suspen/u.test(lineIs(state))]).toEqual([state, ['held', 'holding'].includes(state)]);
});
