import { describe, expect, it } from 'vitest';
import material from '../messages/fr-material.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { fillView } from './fill-view.ts';

addWords(material);

const FILL = {
  grams: 32_400_000,
  litres: 120_000,
  ceilingGrams: 40_000_000,
  ceilingLitres: null,
  percent: 81,
  level: 'warn',
};

function plain(text: string | null): string | null {
  return text?.replaceAll(/[\u00a0\u202f]/gu, ' ') ?? null;
}

describe('how full a zone is', () => {
  it('says the ceiling it is near, in tonnes and cubic metres', () => {
    const view = fillView(FILL);
    expect([view.level, plain(view.words), plain(view.tonnes), plain(view.volume)]).toEqual([
      2,
      'Presque plein : 81 % du plafond',
      '32,40 t sur 40,00 t',
      '120,0 m³',
    ]);
  });

  it('never rounds up to a ceiling that is not reached', () => {
    expect(plain(fillView({ ...FILL, percent: 99.9 }).words)).toBe('Presque plein : 99 % du plafond');
    expect(plain(fillView({ ...FILL, percent: 100, level: 'over' }).words)).toBe('Plafond dépassé : 100 %');
  });

  it('is calm where all is well, and says where there is no ceiling', () => {
    expect(fillView({ ...FILL, percent: 12, level: 'ok' }).level).toBeNull();
    const none = fillView({ ...FILL, percent: null, litres: null, ceilingGrams: null, level: 'ok' });
    expect([none.level, plain(none.words), none.volume]).toEqual([null, 'Sans plafond', null]);
  });
});
