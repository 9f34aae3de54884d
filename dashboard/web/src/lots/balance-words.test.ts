import { describe, expect, it } from 'vitest';
import material from '../messages/fr-material.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { balanceText } from './balance-words.ts';

addWords(material);

describe('a row of the balance', () => {
  it.each([
    ['jour', '2026-11-22', '22 novembre 2026'],
    ['mois', '2026-11', 'novembre 2026'],
    ['lot', 'L11', 'Lot n° 11'],
    ['equipe', 'matin', 'matin'],
    ['mois', 'total', 'total'],
  ] as const)('by %s of %s is of %s', (by, key, text) =>
    expect(balanceText(by, key).replaceAll('\u00a0', ' ')).toBe(text),
  );
});
