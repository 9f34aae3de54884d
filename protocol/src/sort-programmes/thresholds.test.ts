import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProgramme } from './check-programme.ts';
import type { RuleTests, SortProgramme, Threshold } from './sort-programme.ts';
import { programmeOf, rule } from './test-programmes.ts';
import { resolveThresholds } from './thresholds.ts';

const value = (number: number): Threshold => ({ value: number, source: 'essai' });
const of = (name: string, plus: number): Threshold => ({ of: name, plus, source: 'essai' });

describe('thresholds', () => {
  it('follow what they hang on to the end, in decimals as they are written', () => {
    const { values, findings } = resolveThresholds({
      c: of('b', 0.2),
      b: of('a', 0.1),
      a: value(90),
    });
    expect(findings).toEqual([]);
    expect(Object.fromEntries(values)).toEqual({ a: 90, b: 90.1, c: 90.3 });
  });

  it('that turn in a circle are told once, with the way round', () => {
    const { values, findings } = resolveThresholds({
      into: of('a', 1),
      a: of('b', 1),
      b: of('c', 1),
      c: of('a', 1),
      apart: value(5),
    });
    expect(findings).toMatchObject([
      { fault: 'circular-threshold', weight: 'error', about: ['a', 'b', 'c'], at: 'thresholds.a.of' },
    ]);
    expect(findings[0]?.words).toContain('a → b → c → a');
    expect([...values.keys()]).toEqual(['apart']);
  });

  it('that hang on themselves, on nothing, or leave all numbers are told', () => {
    const { findings } = resolveThresholds({
      self: of('self', 1),
      lost: of('toString', 1),
      'far.off': of('far', 1e308),
      far: value(1.7e308),
    });
    expect(findings.map(({ fault, at }) => [fault, at])).toEqual([
      ['circular-threshold', 'thresholds.self.of'],
      ['unknown-threshold', 'thresholds.lost.of'],
      ['absurd-threshold', 'thresholds["far.off"]'],
    ]);
  });

  it('have a value exactly when a way leads from them to a number', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const some = fc.uniqueArray(
      fc.tuple(fc.constantFrom(...names), fc.oneof(fc.integer(), fc.constantFrom(...names))),
      { selector: ([name]) => name },
    );
    fc.assert(
      fc.property(some, (entries) => {
        const given = new Map(entries);
        const leads = (name: string): boolean => {
          let at: string | number | undefined = name;
          for (let step = 0; step <= names.length && typeof at === 'string'; step += 1) at = given.get(at);
          return typeof at === 'number';
        };
        const thresholds = Object.fromEntries(
          entries.map(([name, to]) => [name, typeof to === 'number' ? value(to) : of(to, 1)]),
        );
        const { values } = resolveThresholds(thresholds);
        expect([...values.keys()].sort()).toEqual([...given.keys()].filter(leads).sort());
      }),
    );
  });
});

function faultsOf(when: RuleTests, thresholds: SortProgramme['thresholds'] = {}): string[] {
  const programme = programmeOf(rule('r', when));
  return checkProgramme({ ...programme, thresholds: { ...programme.thresholds, ...thresholds } }, null)
    .filter(({ weight, fault }) => weight !== 'note' && fault !== 'unused-threshold')
    .map(({ fault, weight, at }) => `${weight} ${fault} ${at}`);
}

describe('limits of a rule', () => {
  it('name a threshold that is there, even where every object has something of that name', () => {
    expect(faultsOf({ 'fibre.cotton': { atLeast: 'constructor' } })).toEqual([
      'error unknown-threshold rules[0].when["fibre.cotton"].atLeast',
    ]);
  });

  it('lie in the range of what they limit', () => {
    const at = 'rules[0].when.moisture';
    expect(faultsOf({ moisture: { below: 'x' } }, { x: value(101) })).toEqual([
      `error absurd-threshold ${at}.below`,
    ]);
    expect(faultsOf({ moisture: { atLeast: 'x' } }, { x: value(-1) })).toEqual([
      `error absurd-threshold ${at}.atLeast`,
    ]);
    expect(faultsOf({ moisture: { below: 't0' } })).toEqual([`error absurd-threshold ${at}.below`]);
    expect(faultsOf({ moisture: { atLeast: 't100' } })).toEqual([]);
    expect(faultsOf({ weight: { below: 'x' } }, { x: value(1_000_000) })).toEqual([]);
  });

  it('leave something between them', () => {
    expect(faultsOf({ moisture: { atLeast: 't20', below: 't20' } })).toEqual([
      'error absurd-threshold rules[0].when.moisture.below',
    ]);
  });

  it('have no guard where nothing errs', () => {
    const [only] = checkProgramme(programmeOf(rule('r', { weight: { atLeast: 't20', guard: 1 } })), null);
    expect(only).toMatchObject({ fault: 'absurd-threshold', at: 'rules[0].when.weight.guard' });
    expect(only?.words).toContain('marge de garde');
  });

  it('are warned of when the guard leaves nothing at the usual error of a reading', () => {
    const at = 'warning absurd-threshold rules[0].when["fibre.cotton"].guard';
    expect(faultsOf({ 'fibre.cotton': { atLeast: 'x', guard: 1 } }, { x: value(97) })).toEqual([]);
    expect(faultsOf({ 'fibre.cotton': { atLeast: 'x', guard: 1 } }, { x: value(97.1) })).toEqual([at]);
    expect(faultsOf({ 'fibre.cotton': { atLeast: 't50', below: 't60', guard: 1.6 } })).toEqual([]);
    expect(faultsOf({ 'fibre.cotton': { atLeast: 't50', below: 't60', guard: 1.7 } })).toEqual([at]);
    expect(faultsOf({ 'fibre.cotton': { below: 't10', guard: 4 } })).toEqual([at]);
  });
});
