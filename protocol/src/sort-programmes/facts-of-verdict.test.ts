import { describe, expect, it } from 'vitest';
import { FIBRE_REFUSALS, type FibreVerdict } from '../classification/fibre-verdict.ts';
import { factsOfVerdict } from './facts-of-verdict.ts';
import { KNOWN_NOTHING } from './test-programmes.ts';

const pure: FibreVerdict = {
  fibre: 'cotton',
  refusal: null,
  probability: 0.98,
  composition: [
    { fibre: 'cotton', percent: 97 },
    { fibre: 'polyester', percent: 3 },
  ],
  errorPoints: 2,
  background: 0.1,
  gates: [],
  model: null,
};

describe('facts of a verdict', () => {
  it('are its shares with their error, and what people said', () => {
    expect(factsOfVerdict(pure, { grade: 'material', colour: 'dark', weightG: 240 })).toEqual({
      ...KNOWN_NOTHING,
      reading: 'pure',
      composition: { cotton: 97, polyester: 3 },
      errorPoints: 2,
      grade: 'material',
      colour: 'dark',
      weightG: 240,
    });
  });

  it('keep the shares of a blend, which is refused as a fibre', () => {
    const blend = { ...pure, fibre: null, refusal: 'blend' as const, errorPoints: 8 };
    expect(factsOfVerdict(blend, {})).toMatchObject({
      reading: 'blend',
      composition: { cotton: 97 },
      errorPoints: 8,
    });
  });

  it('know no fibres of what was refused otherwise, whatever shares it came with', () => {
    const readings = FIBRE_REFUSALS.filter((refusal) => refusal !== 'blend').map((refusal) => {
      const facts = factsOfVerdict({ ...pure, fibre: null, refusal }, {});
      expect(facts).toMatchObject({ composition: null, errorPoints: 0 });
      return `${refusal}: ${facts.reading}`;
    });
    expect(readings).toEqual([
      'not-a-number: unreadable',
      'wrong-length: unreadable',
      'wrong-grid: unreadable',
      'wrong-quantity: unreadable',
      'flat: unreadable',
      'saturated: unreadable',
      'background: see-through',
      'distance: unknown',
      'other-fibre: unknown',
      'out-of-range: unknown',
      'wrong-instrument: unreadable',
      'no-model: none',
    ]);
  });

  it('leave out shares without an error: no guard would hold', () => {
    expect(factsOfVerdict({ ...pure, errorPoints: null }, {})).toMatchObject({
      reading: 'pure',
      composition: null,
    });
    expect(factsOfVerdict({ ...pure, composition: [] }, {})).toMatchObject({
      reading: 'pure',
      composition: null,
    });
    expect(factsOfVerdict({ ...pure, fibre: null }, {})).toMatchObject({
      reading: 'unknown',
      composition: null,
    });
  });
});
