/** Rules are told in words with their limits, and what a guard band makes of them. */
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { KNOWN_NOTHING } from '@trame/protocol/sort-programmes/test-programmes';
import { describe, expect, it } from 'vitest';
import programmeWords from '../messages/fr-programmes.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { changeGroups } from './change-groups.ts';
import { roundedFacts, spanOfDay, yesterday } from './dry-run-day.ts';
import { setThreshold } from './edit-form.ts';
import { formOf } from './programme-form.ts';
import { conditionsOf, formValues, namersOf, valuesOf } from './rule-words.ts';

addWords(programmeWords);
const PARIS = 'Europe/Paris';
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/gu, ' ');

describe('a rule in words', () => {
  const values = new Map([
    ['bas', 20],
    ['haut', 80],
  ]);

  it('says what a guard band makes of both limits', () => {
    const when = { 'fibre.cotton': { atLeast: 'bas', below: 'haut', guard: 2 } };
    const [condition] = conditionsOf(when, values);
    expect(plain(condition?.guard ?? '')).toBe(
      "Avec l'erreur habituelle de 3 points, il faut donc au moins 26 % et moins de 74 %.",
    );
    expect(conditionsOf({ 'fibre.cotton': { atLeast: 'bas' } }, values)[0]?.guard).toBeNull();
    expect(conditionsOf({ moisture: { atLeast: 'bas', guard: 2 } }, values)[0]?.guard).toBeNull();
    expect(conditionsOf({}, values)).toEqual([]);
  });

  it('says of each threshold what uses it', () => {
    expect(namersOf(AUTOMATIC_LINE_PROGRAMME, 'fibre-dominante')).toContain('laine-dominante');
    expect(namersOf(AUTOMATIC_LINE_PROGRAMME, 'humide')).toEqual(['Trop humide']);
  });

  it('knows the values of a form that is half filled in', () => {
    const form = formOf(AUTOMATIC_LINE_PROGRAMME);
    const byName = valuesOf(AUTOMATIC_LINE_PROGRAMME.thresholds);
    const byKey = formValues(form);
    for (const { key, name } of form.thresholds) expect(byKey.get(key)).toBe(byName.get(name));
    const base = form.thresholds.find(({ name }) => name === 'fibre-dominante');
    if (base === undefined) throw new Error('the example has no such threshold');
    const half = formValues(setThreshold(form, { ...base, value: 'x' }));
    expect(half.has(base.key)).toBe(false);
    expect(half.size).toBe(byKey.size - 2);
  });
});

describe('changes', () => {
  it('are grouped, and none is left out', () => {
    const kinds = [
      'threshold-changed',
      'rule-moved',
      'programme-changed',
      'test-added',
      'new-kind',
      'ceiling-added',
    ];
    const groups = changeGroups(kinds.map((kind) => ({ kind, words: kind })));
    expect(groups.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
      ['rule-moved', 'test-added'],
      ['threshold-changed'],
      ['ceiling-added'],
      ['programme-changed', 'new-kind'],
    ]);
  });
});

describe('the day of a dry run', () => {
  it('tells its pieces in whole points', () => {
    const facts = { ...KNOWN_NOTHING, reading: 'blend', errorPoints: 9.536 } as const;
    const composition = { wool: 64.643, polyamide: 34.722, polyester: 0.115 };
    expect(roundedFacts({ ...facts, composition })).toEqual({
      ...facts,
      errorPoints: 9.5,
      composition: { wool: 65, polyamide: 35 },
    });
    expect(roundedFacts(KNOWN_NOTHING)).toBe(KNOWN_NOTHING);
  });

  it('is yesterday by the clocks of the site, whole on the night of winter time too', () => {
    expect(yesterday(Date.parse('2026-11-22T23:30:00Z'), PARIS)).toBe('2026-11-22');
    const winter = spanOfDay('2026-10-25', PARIS);
    expect(winter).toEqual({
      from: Date.parse('2026-10-24T22:00:00Z'),
      to: Date.parse('2026-10-25T23:00:00Z'),
    });
    expect(spanOfDay('', PARIS)).toBeNull();
  });
});
