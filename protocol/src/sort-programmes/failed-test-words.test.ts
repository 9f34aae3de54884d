import { describe, expect, it } from 'vitest';
import type { FailedTest } from './decide-outlet.ts';
import { failedTestWords } from './failed-test-words.ts';

describe('why a rule did not take a piece', () => {
  it.each([
    [{ why: 'not-known', input: 'weight' }, 'poids : non connu'],
    [
      { why: 'under', input: 'fibre.cotton', measured: 82.04, limit: 83 },
      'coton : 82,04 %, sous la limite de 83 %',
    ],
    [
      { why: 'under', input: 'group.natural', measured: 83.9, limit: 101.8 },
      'fibres naturelles : 83,9 %, limite jamais atteinte avec cette incertitude (il faudrait 101,8 %)',
    ],
    [
      { why: 'under', input: 'fibre.cotton', measured: 99, limit: 100 },
      'coton : 99 %, sous la limite de 100 %',
    ],
    [
      { why: 'not-under', input: 'fibre.elastane', measured: 0, limit: -1.5 },
      "élasthanne : 0 %, n'est jamais sous la limite avec cette incertitude (il faudrait moins de −1,5 %)",
    ],
    [
      { why: 'not-under', input: 'fibre.elastane', measured: 0, limit: 0.5 - 0.5 },
      "élasthanne : 0 %, n'est jamais sous la limite avec cette incertitude (il faudrait moins de 0 %)",
    ],
    [
      { why: 'not-under', input: 'weight', measured: 12_500, limit: 1_000 },
      "poids : 12 500 g, n'est pas sous la limite de 1 000 g",
    ],
    [
      { why: 'another-word', input: 'colour', measured: 'black', asked: ['white', 'light'] },
      'couleur : noir, demandé blanc, clair',
    ],
    [
      { why: 'none-of', input: 'disruptors', measured: [], asked: ['zip', 'metal'] },
      'perturbateurs : aucun de fermeture à glissière, métal',
    ],
    [
      { why: 'none-of', input: 'disruptors', measured: [], asked: ['soiled'] },
      'perturbateurs : demandé souillé',
    ],
    [
      { why: 'one-of', input: 'disruptors', measured: ['zip', 'wet'], asked: ['wet', 'soiled'] },
      'perturbateurs : mouillé, exclu',
    ],
  ] satisfies [FailedTest, string][])('%o', (failed, words) => {
    expect(failedTestWords(failed).replaceAll(/[\u00a0\u202f]/gu, ' ')).toBe(words);
  });
});
