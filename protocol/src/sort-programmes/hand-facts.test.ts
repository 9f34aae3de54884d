import { describe, expect, it } from 'vitest';
import { decideOutlet } from './decide-outlet.ts';
import { handFacts } from './hand-facts.ts';
import { KNOWN_NOTHING, compiled, programmeOf, rule } from './test-programmes.ts';

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
  });

  it('bring a label of rounded shares to 100 to the last place', () => {
    const thirds = handFacts({}, [
      { fibre: 'cotton', percent: 33 },
      { fibre: 'flax', percent: 33 },
      { fibre: 'wool', percent: 33 },
    ]);
    if (thirds.kind === 'refused') throw new Error(thirds.words);
    expect(thirds.facts).toMatchObject({ reading: 'blend', composition: { flax: 33.333333333 } });
    const whole = compiled(programmeOf(rule('naturel', { 'group.natural': { atLeast: 't100' } })));
    expect(decideOutlet(whole, thirds.facts).rule).toBe('naturel');
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
