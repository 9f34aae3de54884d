/** Programmes and pieces at random, for tests. */
import * as fc from 'fast-check';
import type { RecognisedFibre } from '../classification/fibre-names.ts';
import { compileProgramme, type CompiledProgramme } from './compile-programme.ts';
import {
  CATEGORIES,
  COLOURS,
  CONDITION_GRADES,
  DISRUPTORS,
  READINGS,
  type NumberInput,
  type PieceFacts,
} from './programme-inputs.ts';
import { PRODUCT_FAMILIES } from '../material/material-names.ts';
import type { RuleTests, SortProgramme, SortRule } from './sort-programme.ts';

export const KNOWN_NOTHING: PieceFacts = {
  reading: 'none',
  composition: null,
  errorPoints: 0,
  colour: null,
  moisturePercent: null,
  disruptors: null,
  grade: null,
  weightG: null,
  category: null,
  family: null,
};

/** Limits from 0 to 100, all by ten. */
const THRESHOLDS = Object.fromEntries(
  Array.from({ length: 11 }, (_, index) => [`t${index * 10}`, { value: index * 10, source: 'essai' }]),
);

export function rule(id: string, when: RuleTests, outlet = id): SortRule {
  return { id, label: `Règle ${id}`, when, outlet };
}

/** A programme of these rules and one more that takes everything, with thresholds `t0`, `t10` … `t100`. */
export function programmeOf(...rules: SortRule[]): SortProgramme {
  return {
    format: 'trame-sort-programme',
    id: 'essai',
    version: 1,
    label: 'Essai',
    example: false,
    thresholds: THRESHOLDS,
    ceilings: [],
    rules: [...rules, rule('reste', {}, 'manuel')],
  };
}

/** @throws when it is refused. */
export function compiled(programme: SortProgramme): CompiledProgramme {
  const compilation = compileProgramme(programme);
  if (compilation.kind === 'compiled') return compilation.programme;
  throw new Error(compilation.findings.map(({ words }) => words).join('\n'));
}

/** Few inputs, so that rules often meet: fibres and the groups that count them, and one of each other kind. */
const NUMBERS: readonly NumberInput[] = [
  'fibre.cotton',
  'fibre.polyester',
  'fibre.viscose',
  'group.natural',
  'group.cellulosics',
  'group.synthetic',
  'moisture',
];

const orUnknown = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ orUnknown: true }) },
);

function numberTest(input: NumberInput): fc.Arbitrary<RuleTests> {
  const guard = input === 'moisture' ? fc.constant(0) : fc.constantFrom(0, 0, 0.5, 1, 2);
  return fc
    .record({ low: fc.integer({ min: 0, max: 10 }), high: fc.integer({ min: 1, max: 10 }), guard, orUnknown })
    .map(({ low, high, guard, orUnknown }) => {
      const ends =
        low < high ? { atLeast: `t${low * 10}`, below: `t${high * 10}` } : { atLeast: `t${low * 10}` };
      // Every third is open downwards.
      const limits = low % 3 === 1 ? { below: `t${high * 10}` } : ends;
      return { [input]: { ...limits, ...(guard === 0 ? {} : { guard }), ...orUnknown } };
    });
}

const choiceTests = fc.oneof(
  fc
    .record({ words: fc.subarray([...READINGS], { minLength: 1 }) })
    .map(({ words }): RuleTests => ({ reading: { in: words } })),
  fc
    .record({ words: fc.subarray([...COLOURS], { minLength: 1 }), orUnknown })
    .map(({ words, orUnknown }): RuleTests => ({ colour: { in: words, ...orUnknown } })),
);

const FEW_DISRUPTORS = ['zip', 'metal', 'wet'] as const;
const setTests = fc
  .record({
    anyOf: fc.subarray([...FEW_DISRUPTORS], { minLength: 1 }),
    noneOf: fc.subarray([...FEW_DISRUPTORS], { minLength: 1 }),
    which: fc.constantFrom('any', 'none', 'both'),
    orUnknown,
  })
  .map(({ anyOf, noneOf, which, orUnknown }): RuleTests => ({
    disruptors: {
      ...(which === 'none' ? {} : { anyOf }),
      ...(which === 'any' ? {} : { noneOf }),
      ...orUnknown,
    },
  }));

const tests = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS).chain(numberTest) },
  { weight: 1, arbitrary: choiceTests },
  { weight: 1, arbitrary: setTests },
);

/** Sound programmes of up to six rules, in which much is covered by something else. */
export const programmes: fc.Arbitrary<SortProgramme> = fc
  .array(
    fc.record({
      when: fc
        .array(tests, { minLength: 1, maxLength: 3 })
        .map((all) => Object.assign({}, ...all) as RuleTests),
      outlet: fc.constantFrom('a', 'b', 'c'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rules) => programmeOf(...rules.map(({ when, outlet }, index) => rule(`r${index}`, when, outlet))));

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary }, { weight: 1, arbitrary: fc.constant(null) });

/** Shares in whole steps, mostly of ten and five points: so that limits are met exactly. */
const compositions = fc
  .record({
    fibres: fc.shuffledSubarray(
      ['cotton', 'polyester', 'viscose', 'wool', 'polyamide', 'acetate'] satisfies RecognisedFibre[],
      { minLength: 1, maxLength: 4 },
    ),
    cuts: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 3 }),
    step: fc.constantFrom(1, 5, 10),
  })
  .map(({ fibres, cuts, step }) => {
    const ends = cuts
      .slice(0, fibres.length - 1)
      .map((cut) => Math.round(cut / step) * step)
      .sort((a, b) => a - b);
    const shares = [...ends, 100].map((end, index) => end - (ends[index - 1] ?? 0));
    return Object.fromEntries(fibres.map((fibre, index) => [fibre, shares[index] ?? 0]));
  });

const errors = fc.oneof(
  fc.constantFrom(0, 1, 3, 5, 10, 15, 20, 40, 100),
  fc.double({ min: 0, max: 30, noNaN: true }),
);

/** Pieces as verdicts and hands give them: shares only of what was read. */
export const pieces: fc.Arbitrary<PieceFacts> = fc
  .record({
    reading: fc.constantFrom(...READINGS),
    composition: orNull(compositions),
    errorPoints: errors,
    colour: orNull(fc.constantFrom(...COLOURS)),
    moisturePercent: orNull(fc.integer({ min: 0, max: 20 }).map((number) => number * 5)),
    disruptors: orNull(fc.subarray([...DISRUPTORS], { maxLength: 3 })),
    grade: orNull(fc.constantFrom(...CONDITION_GRADES)),
    weightG: orNull(fc.integer({ min: 0, max: 2_000 })),
    category: orNull(fc.constantFrom(...CATEGORIES)),
    family: orNull(fc.constantFrom(...PRODUCT_FAMILIES)),
  })
  .map((facts) =>
    facts.composition === null
      ? { ...facts, errorPoints: 0 }
      : { ...facts, reading: Object.keys(facts.composition).length > 1 ? 'blend' : 'pure' },
  );
