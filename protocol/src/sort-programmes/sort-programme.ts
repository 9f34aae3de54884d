/**
 * A sort programme: a decision table (OMG DMN 1.5 §8, hit policy «first») as JSON. Rules are looked at in order, the first that
 * holds leads to its outlet, the last holds always.
 */
import { Type, type Static } from 'typebox';
import { closed, literals } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { CHOICE_INPUTS, NUMBER_INPUTS, SET_INPUTS, type NumberInput } from './programme-inputs.ts';

export const RULES_MAX = 64;
export const THRESHOLDS_MAX = 64;
/** Widest guard band, in errors of the reading. */
export const GUARD_MAX = 5;

const Id = Type.String({ pattern: ID_PATTERN });
const Words = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const OrUnknown = Type.Optional(Type.Boolean());

/** A number with where it comes from. The second form hangs on another threshold; a circle is refused. */
export const Threshold = Type.Union([
  Type.Object({ value: Type.Number(), source: Words(200) }, closed),
  Type.Object({ of: Id, plus: Type.Number(), source: Words(200) }, closed),
]);
export type Threshold = Static<typeof Threshold>;

/**
 * From `atLeast` on and under `below`, both names of thresholds. `guard` moves both inwards by so many errors of the reading
 * (threshold ± k·RMSE). What is not known does not hold, unless `orUnknown`.
 */
export const NumberTest = Type.Object(
  {
    atLeast: Type.Optional(Id),
    below: Type.Optional(Id),
    guard: Type.Optional(Type.Number({ minimum: 0, maximum: GUARD_MAX })),
    orUnknown: OrUnknown,
  },
  closed,
);
export type NumberTest = Static<typeof NumberTest>;

const numberTests = Object.fromEntries(
  (Object.keys(NUMBER_INPUTS) as NumberInput[]).map((input) => [input, Type.Optional(NumberTest)]),
) as Record<NumberInput, ReturnType<typeof Type.Optional<typeof NumberTest>>>;

const choiceTest = <const T extends readonly string[]>(words: T) =>
  Type.Optional(
    Type.Object(
      { in: Type.Array(literals(words), { minItems: 1, maxItems: words.length }), orUnknown: OrUnknown },
      closed,
    ),
  );
const setTest = <const T extends readonly string[]>(words: T) =>
  Type.Optional(
    Type.Object(
      {
        anyOf: Type.Optional(Type.Array(literals(words), { minItems: 1, maxItems: words.length })),
        noneOf: Type.Optional(Type.Array(literals(words), { minItems: 1, maxItems: words.length })),
        orUnknown: OrUnknown,
      },
      closed,
    ),
  );

/** All of them have to hold; none at all: it always holds. */
export const RuleTests = Type.Object(
  {
    ...numberTests,
    reading: choiceTest(CHOICE_INPUTS.reading),
    colour: choiceTest(CHOICE_INPUTS.colour),
    grade: choiceTest(CHOICE_INPUTS.grade),
    category: choiceTest(CHOICE_INPUTS.category),
    family: choiceTest(CHOICE_INPUTS.family),
    disruptors: setTest(SET_INPUTS.disruptors),
  },
  closed,
);
export type RuleTests = Static<typeof RuleTests>;

export const SortRule = Type.Object(
  { id: Id, label: Words(120), when: RuleTests, outlet: Id, note: Type.Optional(Words(300)) },
  closed,
);
export type SortRule = Static<typeof SortRule>;

/** What an outlet's taker allows at most, told with its lots: mg per kg of dry mass. */
export const Ceiling = Type.Object(
  { outlet: Id, substance: Words(40), mgPerKgDry: Type.Number({ exclusiveMinimum: 0 }), source: Words(200) },
  closed,
);
export type Ceiling = Static<typeof Ceiling>;

export const SortProgramme = Type.Object(
  {
    format: Type.Literal('trame-sort-programme'),
    id: Id,
    /** Grows by one with every change that is saved. */
    version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    label: Words(60),
    note: Type.Optional(Words(1000)),
    /** True: delivered with Trame, to be copied and changed; nobody's advice. */
    example: Type.Boolean(),
    thresholds: Type.Record(Id, Threshold, { maxProperties: THRESHOLDS_MAX, ...closed }),
    ceilings: Type.Array(Ceiling, { maxItems: 64 }),
    rules: Type.Array(SortRule, { minItems: 1, maxItems: RULES_MAX }),
  },
  closed,
);
export type SortProgramme = Static<typeof SortProgramme>;

/** Why a programme cannot be loaded, or what its author should know. */
export const PROGRAMME_FAULTS = [
  /** Errors. */
  'not-a-programme',
  'no-catch-all',
  'catch-all-not-last',
  'unknown-threshold',
  'circular-threshold',
  'absurd-threshold',
  'empty-test',
  'unknown-outlet',
  'double-id',
  /** Warnings. */
  'unreachable',
  'unused-threshold',
  'too-intricate',
  /** To know. */
  'overlap',
  'gap',
] as const;
export type ProgrammeFault = (typeof PROGRAMME_FAULTS)[number];
export type FaultWeight = 'error' | 'warning' | 'note';

export interface ProgrammeFinding {
  readonly fault: ProgrammeFault;
  readonly weight: FaultWeight;
  /** Rules or thresholds that it is about, by their ids; empty: the programme. */
  readonly about: readonly string[];
  /** Where in the JSON, as a path: `rules[2].when.weight.atLeast`. */
  readonly at: string;
  /** In French, for who edits it: what, where, what to do. */
  readonly words: string;
}
