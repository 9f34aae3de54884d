import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, gramsOf, kgText } from './typed-figures.ts';

describe('typed figures', () => {
  it.each([
    ['248', 248_000],
    ['1 234,5', 1_234_500],
    ['1\u202f234.5', 1_234_500],
    ['0,02', 20],
    ['0', 0],
    ['12,', 12_000],
    ['', null],
    [',5', null],
    ['-3', null],
    ['12 kg', null],
    ['1,2345', null],
    ['1234567', null],
  ])('«%s» are %s g', (text, grams) => expect(gramsOf(text)).toBe(grams));

  it.each([
    ['37', 37],
    ['1 200', 1_200],
    ['3,5', null],
    ['', null],
  ])('«%s» is the number %s', (text, count) => expect(countOf(text)).toBe(count));

  it('of kilograms are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (grams) => {
        expect(gramsOf(kgText(grams))).toBe(grams);
      }),
    );
  });
});
