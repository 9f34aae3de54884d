import { describe, expect, it } from 'vitest';
import { scannedName } from './scanned-name.ts';

describe('what was scanned', () => {
  it.each([
    ['1042', '1042'],
    [' B1042 ', '1042'],
    ['n° 7', '7'],
    ['376130321109103420', '376130321109103420'],
    [']C100376130321109103420', '376130321109103420'],
    ['https://trame.example.org/b/B1042', 'B1042'],
    ['rouleau-12', 'rouleau-12'],
  ])('%j means %s', (text, name) => expect(scannedName(text)).toBe(name));

  it.each(['', 'https://ailleurs.fr/x', 'deux mots', 'a'.repeat(600)])('%j is no output', (text) =>
    expect(scannedName(text)).toBeNull(),
  );
});
