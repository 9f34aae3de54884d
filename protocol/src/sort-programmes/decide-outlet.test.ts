import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProgramme } from './compile-programme.ts';
import { decideOutlet } from './decide-outlet.ts';
import type { PieceFacts } from './programme-inputs.ts';
import type { RuleTests } from './sort-programme.ts';
import { KNOWN_NOTHING, compiled, pieces, programmeOf, programmes, rule } from './test-programmes.ts';

function decide(when: RuleTests, facts: Partial<PieceFacts>) {
  return decideOutlet(compiled(programmeOf(rule('r', when, 'outlet'))), { ...KNOWN_NOTHING, ...facts });
}

/** Whether the only rule takes it, and if not, why. */
function failed(when: RuleTests, facts: Partial<PieceFacts>) {
  return decide(when, facts).trace[0]?.failed ?? null;
}

const blend = (cotton: number, errorPoints = 0): Partial<PieceFacts> => ({
  reading: 'blend',
  composition: { cotton, polyester: 100 - cotton },
  errorPoints,
});

describe('a decision', () => {
  it('goes to the first rule that holds, and shows every rule that was looked at', () => {
    const programme = compiled(
      programmeOf(
        rule('mouille', { disruptors: { anyOf: ['wet'] } }),
        rule('coton', { 'fibre.cotton': { atLeast: 't80', guard: 1 } }),
        rule('melange', { reading: { in: ['blend'] } }),
      ),
    );
    const decision = decideOutlet(programme, { ...KNOWN_NOTHING, ...blend(82, 3) });
    expect(decision).toEqual({
      outlet: 'melange',
      rule: 'melange',
      trace: [
        { rule: 'mouille', failed: { why: 'not-known', input: 'disruptors' } },
        { rule: 'coton', failed: { why: 'under', input: 'fibre.cotton', measured: 82, limit: 83 } },
        { rule: 'melange', failed: null },
      ],
    });
  });

  it('counts from atLeast on and under below', () => {
    const between: RuleTests = { 'fibre.cotton': { atLeast: 't20', below: 't80' } };
    expect(failed(between, blend(20))).toBeNull();
    expect(failed(between, blend(19.9))).toMatchObject({ why: 'under', limit: 20 });
    expect(failed(between, blend(79.9))).toBeNull();
    expect(failed(between, blend(80))).toMatchObject({ why: 'not-under', measured: 80, limit: 80 });
  });

  it('moves both limits inwards by the guard', () => {
    const between: RuleTests = { 'fibre.cotton': { atLeast: 't20', below: 't80', guard: 2 } };
    expect(failed(between, blend(26, 3))).toBeNull();
    expect(failed(between, blend(25.9, 3))).toMatchObject({ why: 'under', limit: 26 });
    expect(failed(between, blend(74, 3))).toMatchObject({ why: 'not-under', limit: 74 });
    // A read label has no error.
    expect(failed(between, blend(79.9))).toBeNull();
  });

  it('adds up the fibres of a group, as a label writes them', () => {
    const all: RuleTests = { 'group.natural': { atLeast: 't100' } };
    expect(
      failed(all, { composition: { cotton: 33.3, flax: 33.3, wool: 33.4 }, reading: 'blend' }),
    ).toBeNull();
    expect(
      failed({ 'group.synthetic': { below: 't10' } }, { composition: { cotton: 100 }, reading: 'pure' }),
    ).toBeNull();
  });

  it('takes what is not known only where a rule says so', () => {
    expect(failed({ 'fibre.cotton': { below: 't80' } }, {})).toEqual({
      why: 'not-known',
      input: 'fibre.cotton',
    });
    expect(failed({ 'fibre.cotton': { below: 't80', orUnknown: true } }, {})).toBeNull();
    expect(failed({ colour: { in: ['white'], orUnknown: true } }, {})).toBeNull();
    expect(failed({ colour: { in: ['white'] } }, { colour: 'black' })).toEqual({
      why: 'another-word',
      input: 'colour',
      measured: 'black',
      asked: ['white'],
    });
  });

  it('looks for words that have to be there, and for words that must not', () => {
    const when: RuleTests = { disruptors: { anyOf: ['zip', 'button'], noneOf: ['wet'] } };
    expect(failed(when, { disruptors: ['button'] })).toBeNull();
    expect(failed(when, { disruptors: [] })).toMatchObject({ why: 'none-of', asked: ['zip', 'button'] });
    expect(failed(when, { disruptors: ['zip', 'wet'] })).toMatchObject({ why: 'one-of', asked: ['wet'] });
    expect(failed({ disruptors: { noneOf: ['wet'] } }, { disruptors: [] })).toBeNull();
  });

  it('lets no broken number slip past a limit', () => {
    const open: RuleTests = { 'fibre.cotton': { below: 't100' } };
    const guarded: RuleTests = { 'fibre.cotton': { below: 't80', guard: 1 } };
    expect(failed(open, { composition: { cotton: NaN } })).toEqual({
      why: 'not-known',
      input: 'fibre.cotton',
    });
    expect(failed({ weight: { atLeast: 't0' } }, { weightG: Infinity })).toMatchObject({ why: 'not-known' });
    expect(failed(guarded, blend(50, NaN))).toMatchObject({ why: 'not-under' });
    expect(failed(guarded, blend(50, Infinity))).toMatchObject({ why: 'not-under' });
    expect(failed(guarded, blend(81, -5))).toMatchObject({ why: 'not-under', limit: 80 });
  });

  it('always comes to an outlet, by a rule whose every test holds, after rules that each failed', () => {
    fc.assert(
      fc.property(programmes, pieces, (programme, facts) => {
        const { outlet, rule: taken, trace } = decideOutlet(compiled(programme), facts);
        const index = programme.rules.findIndex(({ id }) => id === taken);
        expect(programme.rules[index]?.outlet).toBe(outlet);
        expect(trace.map((look) => look.rule)).toEqual(
          programme.rules.slice(0, index + 1).map(({ id }) => id),
        );
        expect(trace.map((look) => look.failed === null)).toEqual(trace.map((_, at) => at === index));
      }),
    );
  });

  it('is refused a programme with an error, and says which', () => {
    const sound = programmeOf(rule('r', { colour: { in: ['white'] } }));
    const unsound = { ...sound, rules: sound.rules.slice(0, 1) };
    expect(compileProgramme(unsound)).toMatchObject({
      kind: 'refused',
      findings: [{ fault: 'no-catch-all', weight: 'error' }],
    });
  });
});
