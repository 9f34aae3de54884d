/** What a line tells of a piece is read whole or not at all. */
import { describe, expect, it } from 'vitest';
import { testExplained, testItem } from '../pieces/test-pieces.ts';
import { isExplained, isItem } from './read-pieces.ts';

describe('a piece that a line tells of', () => {
  it('is read with everything that the page shows', () => {
    expect(isItem(testItem({}))).toBe(true);
    expect(isExplained(JSON.parse(JSON.stringify(testExplained({}))))).toBe(true);
    expect(isExplained(testExplained({ rules: null, spectrum: null, noSpectrum: 'not-kept' }))).toBe(true);
    const overrides = [
      { at: 1, from: 'csr', to: 'manuel', reason: 'soiled', note: '', actorRef: null },
    ] as const;
    expect(isExplained(testExplained({ overrides }))).toBe(true);
  });

  it.each<readonly [string, object]>([
    ['a reading without words', { ...testItem({}), reading: 'guessed' }],
    ['a refusal without words', { ...testItem({}), refusal: 'mood' }],
    ['no number where one stands', { ...testItem({}), readAt: '12' }],
    ['a share of an unknown fibre', { ...testItem({}), composition: [{ fibre: 'gold', percent: 3 }] }],
  ])('is not with %s', (_what, item) => {
    expect(isItem(item)).toBe(false);
  });

  it.each<readonly [string, object]>([
    ['a rule whose fault has no words', { why: 'moody', input: 'grade' }],
    ['a limit of what is no number', { why: 'under', input: 'grade', measured: 1, limit: 2 }],
    ['a limit that is missing', { why: 'under', input: 'weight', measured: 1 }],
  ])('is not with %s', (_what, failed) => {
    const rules = [{ id: 'a', label: 'A', outlet: 'csr', failed }];
    expect(isExplained({ ...testExplained({}), rules })).toBe(false);
  });
});
