import { describe, expect, it } from 'vitest';
import material from '../messages/fr-material.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { refusalFigures, signedKg } from './refusal-figures.ts';

addWords(material);

describe('the figures of a refusal', () => {
  it('say how far off a weight is', () => {
    const text = refusalFigures({
      output: 'B7',
      checkGrams: 251_000,
      bookedGrams: 248_000,
      differenceGrams: 3_000,
      limitGrams: 2_480,
    });
    expect(text.replaceAll('\u00a0', ' ')).toBe(
      'pesé 251 kg · au livre 248 kg · écart +3 kg · toléré 2,48 kg',
    );
  });

  it('are nothing where there are none', () => expect(refusalFigures({ output: 'B7' })).toBe(''));

  it.each([
    [0, '0 kg'],
    [3_500, '+3,5 kg'],
    [-12_000, '−12 kg'],
  ])('%i g are %s', (grams, text) => expect(signedKg(grams).replaceAll('\u00a0', ' ')).toBe(text));
});
