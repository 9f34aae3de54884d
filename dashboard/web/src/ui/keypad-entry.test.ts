import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keypadKeyOf, typedGrams, typeKey, type KeypadKey } from './keypad-entry.ts';

const KEYS: readonly KeypadKey[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ',', 'back', 'clear'];
const type = (...keys: readonly KeypadKey[]): string =>
  keys.reduce<string>((text, key) => typeKey(text, key), '');

describe('the keypad', () => {
  it.each([
    [['2', '4', '8'], '248', 248_000],
    [['2', '4', ',', '5'], '24,5', 24_500],
    [['0', '0', '7'], '7', 7_000],
    [[',', '2'], '0,2', 200],
    [['2', '4', 'back', '5'], '25', 25_000],
    [['2', ',', ',', '5'], '2,5', 2_500],
    [['2', 'clear'], '', null],
    [['0'], '0', null],
    [['2', ','], '2,', 2_000],
  ] as const)('%j is %s', (keys, text, grams) => {
    expect(type(...keys)).toBe(text);
    expect(typedGrams(text)).toBe(grams);
  });

  it('never makes anything but nothing, or a weight of at most 99 999,999 kg', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KEYS), { maxLength: 40 }), (keys) => {
        const text = type(...keys);
        const grams = typedGrams(text);
        const nothing = /^(?:|0(?:,0{0,3})?)$/u.test(text);
        expect(nothing).toBe(grams === null);
        expect(Number.isInteger(grams ?? 1) && (grams ?? 1) > 0 && (grams ?? 1) <= 99_999_999).toBe(true);
      }),
    );
  });

  it('understands a real keyboard', () => {
    expect(['5', '.', ',', 'Backspace', 'Delete', 'a', 'Enter'].map(keypadKeyOf)).toEqual([
      '5',
      ',',
      ',',
      'back',
      'clear',
      null,
      null,
    ]);
  });
});
