import { describe, expect, it } from 'vitest';
import { handFacts } from './hand-facts.ts';
import { KNOWN_NOTHING } from './test-programmes.ts';

describe('facts by hand', () => {
  it('are what a person said; without a label no fibre is known', () => {
    const expected = { kind: 'facts', facts: { ...KNOWN_NOTHING, grade: 'wiper' } };
    expect(handFacts({ grade: 'wiper' }, null)).toEqual(expected);
    expect(handFacts({ grade: 'wiper' }, [])).toEqual(expected);
  });

  it('hold a label without an error of reading', () => {
    expect(handFacts({}, [{ fibre: 'wool', percent: 100 }])).toEqual({
      kind: 'facts',
      facts: { ...KNOWN_NOTHING, reading: 'pure', composition: { wool: 100 } },
    });
    const thirds = handFacts({}, [
      { fibre: 'cotton', percent: 33 },
      { fibre: 'viscose', percent: 33 },
      { fibre: 'polyester', percent: 33 },
    ]);
    expect(thirds).toMatchObject({ facts: { reading: 'blend', composition: { cotton: 33.333333333 } } });
  });

  it('refuse a label that cannot be, in words', () => {
    expect(handFacts({}, [{ fibre: 'cotton', percent: 60 }])).toMatchObject({
      code: 'label-not-whole',
      words: expect.stringContaining('60 %') as string,
    });
    const double = [
      { fibre: 'cotton' as const, percent: 50 },
      { fibre: 'cotton' as const, percent: 50 },
    ];
    expect(handFacts({}, double)).toMatchObject({ kind: 'refused', code: 'label-double-fibre' });
    for (const percent of [0, -5, 101, NaN]) {
      expect(handFacts({}, [{ fibre: 'cotton', percent }])).toMatchObject({ code: 'label-share-impossible' });
    }
  });
});
