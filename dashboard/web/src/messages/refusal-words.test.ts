import { MATERIAL_REFUSALS } from '@trame/protocol/material/material-names';
import { beforeAll, describe, expect, it } from 'vitest';
import kiosk from './fr-kiosk.json' with { type: 'json' };
import sorting from './fr-sorting.json' with { type: 'json' };
import { ACT_REFUSAL_WORDS, actRefusalWords } from './refusal-words.ts';
import { addWords } from './translate.ts';

beforeAll(() => {
  addWords(kiosk);
  addWords(sorting);
});

const words = (code: string): string => actRefusalWords({ status: 409, code, params: {} });

describe('every refusal of an act', () => {
  it('has words of its own', () => {
    expect(Object.keys(ACT_REFUSAL_WORDS).toSorted()).toEqual([...MATERIAL_REFUSALS].toSorted());
    expect(new Set(MATERIAL_REFUSALS.map(words)).size).toBe(MATERIAL_REFUSALS.length);
  });

  it.each(MATERIAL_REFUSALS)('%s is said in French, not by its code', (code) => {
    expect(words(code)).toMatch(/^[A-ZÀÉ].*[.?]$/u);
    expect(words(code)).not.toContain(code);
  });

  it('that nobody foresaw names its code, or its status', () => {
    expect(words('brand-new')).toContain('brand-new');
    expect(words('constructor')).toContain('constructor');
    expect(actRefusalWords({ status: 418, code: '', params: {} })).toContain('418');
  });
});
