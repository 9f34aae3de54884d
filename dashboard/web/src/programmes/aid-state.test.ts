/** The decision aid decides as a line would, and says what may still change it. */
import { decideOutlet } from '@trame/protocol/sort-programmes/decide-outlet';
import { HAND_TABLES_PROGRAMME } from '@trame/protocol/sort-programmes/examples/hand-tables';
import { handFacts } from '@trame/protocol/sort-programmes/hand-facts';
import { compiled, pieces, programmes } from '@trame/protocol/sort-programmes/test-programmes';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import programmeWords from '../messages/fr-programmes.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import {
  aidAnswer,
  labelRest,
  NOTHING_SAID,
  outletsOf,
  setShare,
  toggled,
  type AidSaid,
} from './aid-state.ts';
import { openWords, stepOfInput, stepsOf } from './aid-steps.ts';

addWords(programmeWords);
const HAND = compiled(HAND_TABLES_PROGRAMME);

function decidedBy(said: AidSaid) {
  const answer = aidAnswer(HAND, said);
  if (answer.kind === 'refused') throw new Error(answer.words);
  return answer;
}

describe('the decision aid', () => {
  it('decides by the same rules as a line', () => {
    fc.assert(
      fc.property(programmes, pieces, (programme, { colour, grade, category, disruptors }) => {
        const said: AidSaid = { ...NOTHING_SAID, colour, grade, category, disruptors };
        const hand = handFacts(said, []);
        if (hand.kind === 'refused') throw new Error(hand.words);
        const ready = compiled(programme);
        const answer = aidAnswer(ready, said);
        expect(answer).toMatchObject({ kind: 'decided', decision: decideOutlet(ready, hand.facts) });
        if (answer.kind !== 'decided') return;
        expect(answer.rules.find(({ failed }) => failed === null)?.id).toBe(answer.decision.rule);
      }),
    );
  });

  it('leads by what is said, and names what may change it', () => {
    expect(decidedBy(NOTHING_SAID).open).toContain('grade');
    const creme = decidedBy({ ...NOTHING_SAID, grade: 'creme', disruptors: [], family: 'clothing' });
    expect([creme.decision.outlet, creme.open]).toEqual(['creme', []]);
    const wet = decidedBy({ ...NOTHING_SAID, disruptors: ['wet'], grade: 'creme' });
    expect(wet.decision.outlet).toBe('elimination');
    expect(wet.rules.find(({ id }) => id === 'creme')?.failed).toBeNull();
  });

  it('leads a label to its outlet, and says when it is not whole', () => {
    const worn = { ...NOTHING_SAID, grade: 'material', disruptors: [], family: 'clothing' } as const;
    const polyester = decidedBy({
      ...worn,
      category: 'tops',
      colour: 'dark',
      label: [{ fibre: 'polyester', percent: 100 }],
    });
    expect(polyester.decision.outlet).toBe('polymere');
    const half = aidAnswer(HAND, { ...worn, label: [{ fibre: 'cotton', percent: 60 }] });
    expect(half.kind).toBe('refused');
  });

  it('fills a label share by share', () => {
    const one = setShare([], 'cotton', 60);
    expect(labelRest(one)).toBe(40);
    const two = setShare(one, 'polyester', labelRest(one));
    expect(two).toEqual([
      { fibre: 'cotton', percent: 60 },
      { fibre: 'polyester', percent: 40 },
    ]);
    expect(labelRest(setShare(two, 'cotton', 80))).toBe(0);
    expect(setShare(two, 'cotton', null)).toEqual([{ fibre: 'polyester', percent: 40 }]);
  });

  it('takes a word back that is touched twice', () => {
    expect(toggled(toggled(null, 'zip'), 'zip')).toEqual([]);
    expect(toggled(['zip'], 'wet')).toEqual(['zip', 'wet']);
  });

  it('has a step for all that a hand can say of what a programme asks', () => {
    const asked = new Set(HAND.rules.flatMap(({ tests }) => tests.map(({ input }) => input)));
    const steps = stepsOf(HAND);
    for (const input of asked) {
      const step = stepOfInput(input);
      expect(step === null || steps.includes(step)).toBe(true);
    }
    expect(openWords(['fibre.cotton', 'fibre.flax', 'grade', 'weight'])).toEqual([
      'étiquette',
      'état',
      'poids',
    ]);
    expect(outletsOf(HAND)).toContain('csr');
  });
});
