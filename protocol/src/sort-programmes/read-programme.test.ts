import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { AUTOMATIC_LINE_PROGRAMME } from './examples/automatic-line.ts';
import { readProgramme } from './read-programme.ts';
import { schemaFaults } from './schema-faults.ts';
import { SortProgramme } from './sort-programme.ts';
import { programmeOf, programmes, rule } from './test-programmes.ts';

const sound = programmeOf(
  rule('a', { 'fibre.cotton': { atLeast: 't80', guard: 1 }, colour: { in: ['white'] } }),
);

function faults(value: unknown): string[] {
  const reading = readProgramme(value);
  return reading.kind === 'programme' ? [] : reading.findings.map(({ at }) => at);
}

function words(value: unknown): string {
  const reading = readProgramme(value);
  return reading.kind === 'programme' ? '' : (reading.findings[0]?.words ?? '');
}

const withRule = (more: object) => ({ ...sound, rules: [{ ...sound.rules[0], ...more }, sound.rules[1]] });

describe('a programme is read', () => {
  it('when it is one, as it is', () => {
    expect(readProgramme(JSON.parse(JSON.stringify(sound)))).toEqual({ kind: 'programme', programme: sound });
    fc.assert(fc.property(programmes, (programme) => readProgramme(programme).kind === 'programme'));
  });

  it('and keys that are not known are refused where they stand, with those that are', () => {
    expect(faults({ ...sound, colour: 1, rulez: [] })).toEqual(['colour', 'rulez']);
    expect(faults(withRule({ when: { 'fibre.coton': { atLeast: 't80' } } }))).toEqual([
      'rules[0].when["fibre.coton"]',
    ]);
    expect(words(withRule({ when: { colour: { of: ['white'], in: ['white'] } } }))).toBe(
      "La clé « of » n'existe pas ici. Retirez-la, ou écrivez l'une de : in, orUnknown.",
    );
    expect(faults(JSON.parse('{"__proto__": {}}')).includes('__proto__')).toBe(true);
  });

  it('and what is missing, of another kind or out of range is told where it is', () => {
    const { label: _, ...unnamed } = sound;
    expect(faults(unnamed)).toEqual(['']);
    expect(words(unnamed)).toBe('Il manque la clé « label » : ajoutez-la.');
    expect(faults({ ...sound, version: 1.5 })).toEqual(['version']);
    expect(faults({ ...sound, version: '1' })).toEqual(['version']);
    expect(faults({ ...sound, label: '' })).toEqual(['label']);
    expect(faults({ ...sound, id: 'tri été' })).toEqual(['id']);
    expect(faults({ ...sound, rules: [] })).toEqual(['rules']);
    expect(faults({ ...sound, rules: Array.from({ length: 65 }, () => sound.rules[1]) })).toEqual(['rules']);
    expect(faults(withRule({ when: { colour: { in: ['white', 'pink'] } } }))).toEqual([
      'rules[0].when.colour.in[1]',
    ]);
    expect(faults(withRule({ when: { moisture: { atLeast: 't10', guard: 6 } } }))).toEqual([
      'rules[0].when.moisture.guard',
    ]);
    expect(faults({ ...sound, format: 'trame' })).toEqual(['format']);
    expect(faults({ ...sound, example: 'oui' })).toEqual(['example']);
  });

  it('and thresholds are told by the form that they come closest to', () => {
    const source = 'essai';
    const thresholds = (one: unknown) => ({ ...sound, thresholds: { ...sound.thresholds, x: one } });
    expect(faults(thresholds({ of: 't10', source }))).toEqual(['thresholds.x']);
    expect(words(thresholds({ of: 't10', source }))).toContain('« plus »');
    expect(faults(thresholds({ value: Infinity, source }))).toEqual(['thresholds.x.value']);
    expect(faults(thresholds({ value: 1, of: 't10', source }))).toEqual(['thresholds.x.of']);
    expect(faults(thresholds(12))).toEqual(['thresholds.x']);
    expect(faults({ ...sound, thresholds: { 'à peu près': { value: 1, source } } })).toEqual([
      'thresholds["à peu près"]',
    ]);
  });

  it('and anything else is refused, whatever it is', () => {
    for (const value of [null, undefined, 1, 'x', [], [sound], new Date(0), () => 1]) {
      expect(readProgramme(value).kind).toBe('refused');
    }
    fc.assert(fc.property(fc.anything(), (value) => readProgramme(value).kind === 'refused'));
  });

  it('and a text that no hash can be made of is refused', () => {
    expect(faults({ ...sound, label: 'a\uD800' })).toEqual(['label']);
  });

  it('exactly as the schema says, wherever a value is changed', () => {
    const whole = JSON.parse(JSON.stringify(AUTOMATIC_LINE_PROGRAMME)) as unknown;
    const others = fc.oneof(
      fc.constantFrom(null, [], {}, '', 0, -1, 1.5, true, 'coton', ['zip', 'zip'], { value: 1, source: 's' }),
      fc.string({ unit: 'binary', maxLength: 130 }),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 6 }), others, fc.boolean(), (way, other, isAdded) => {
        const changed = changedAt(whole, way, other, isAdded);
        const isSound = Value.Check(SortProgramme, changed);
        expect(schemaFaults(SortProgramme, changed).length === 0).toBe(isSound);
        expect(readProgramme(changed).kind).toBe(isSound ? 'programme' : 'refused');
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The same with something else at the end of a way that goes down by one member for each number; or with one more member. */
function changedAt(value: unknown, way: readonly number[], other: unknown, isAdded: boolean): unknown {
  const [step, ...rest] = way;
  if (typeof value !== 'object' || value === null) return other;
  if (step === undefined) return isAdded && !Array.isArray(value) ? { ...value, autre: other } : other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const changed = changedAt((value as Record<string, unknown>)[key], rest, other, isAdded);
  if (Array.isArray(value)) return value.with(Number(key), changed);
  return { ...value, [key]: changed };
}
