/** A sort programme made ready to decide: names of thresholds are numbers, lists of words are sets. */
import type { RecognisedFibre } from '../classification/fibre-names.ts';
import { fibresOf, isChoiceInput, isNumberInput } from './input-words.ts';
import { programmeErrors } from './programme-errors.ts';
import {
  CHOICE_INPUTS,
  NUMBER_INPUTS,
  SET_INPUTS,
  type ChoiceInput,
  type NumberInput,
  type ProgrammeInput,
  type SetInput,
} from './programme-inputs.ts';
import type { NumberTest, ProgrammeFinding, RuleTests, SortProgramme } from './sort-programme.ts';
import { resolveThresholds } from './thresholds.ts';

/** The limit at a reading's error e is `at + perError·e`; what carries no error has `perError` 0. */
export interface Limit {
  readonly at: number;
  readonly perError: number;
}

export interface CompiledNumberTest {
  readonly kind: 'number';
  readonly input: NumberInput;
  /** Fibres whose shares are added up; null: moisture or weight. */
  readonly fibres: readonly RecognisedFibre[] | null;
  readonly lower: Limit | null;
  readonly upper: Limit | null;
  readonly orUnknown: boolean;
}

export interface CompiledChoiceTest {
  readonly kind: 'choice';
  readonly input: ChoiceInput;
  readonly allowed: readonly string[];
  readonly orUnknown: boolean;
}

export interface CompiledSetTest {
  readonly kind: 'set';
  readonly input: SetInput;
  /** At least one of them; null: not asked. */
  readonly anyOf: readonly string[] | null;
  readonly noneOf: readonly string[];
  readonly orUnknown: boolean;
}

export type CompiledTest = CompiledNumberTest | CompiledChoiceTest | CompiledSetTest;

export interface CompiledRule {
  readonly id: string;
  readonly label: string;
  readonly outlet: string;
  /** All of them have to hold; the last rule has none. */
  readonly tests: readonly CompiledTest[];
}

export interface CompiledProgramme {
  readonly id: string;
  readonly version: number;
  readonly rules: readonly CompiledRule[];
}

export type Compilation =
  | { readonly kind: 'compiled'; readonly programme: CompiledProgramme }
  /** Why it cannot be used: findings of weight `error`, one at least. */
  | { readonly kind: 'refused'; readonly findings: readonly ProgrammeFinding[] };

/** Once for each programme; whether the outlets are those of the line is not asked here. */
export function compileProgramme(programme: SortProgramme): Compilation {
  const resolved = resolveThresholds(programme.thresholds);
  const errors = programmeErrors(programme, resolved).filter(({ weight }) => weight === 'error');
  if (errors.length > 0) return { kind: 'refused', findings: errors };
  const rules = programme.rules.map(({ id, label, outlet, when }) => ({
    id,
    label,
    outlet,
    tests: compiledTests(when, resolved.values),
  }));
  return { kind: 'compiled', programme: { id: programme.id, version: programme.version, rules } };
}

/** The same whatever order the keys were written in, which neither a hash nor a ledger keeps. */
const TEST_ORDER = [
  ...Object.keys(CHOICE_INPUTS),
  ...Object.keys(SET_INPUTS),
  ...Object.keys(NUMBER_INPUTS),
] as readonly ProgrammeInput[];

/** Of those that fail the first is the one that is told. */
function compiledTests(when: RuleTests, thresholds: ReadonlyMap<string, number>): CompiledTest[] {
  const tests: CompiledTest[] = [];
  for (const input of TEST_ORDER) {
    if (isNumberInput(input)) {
      const test = when[input];
      if (test !== undefined) tests.push(numberTest(input, test, thresholds));
    } else if (isChoiceInput(input)) {
      const test = when[input];
      if (test === undefined) continue;
      tests.push({ kind: 'choice', input, allowed: test.in, orUnknown: test.orUnknown ?? false });
    } else {
      const test = when[input];
      if (test === undefined) continue;
      const { anyOf = null, noneOf = [], orUnknown = false } = test;
      tests.push({ kind: 'set', input, anyOf, noneOf, orUnknown });
    }
  }
  return tests;
}

function numberTest(
  input: NumberInput,
  { atLeast, below, guard = 0, orUnknown = false }: NumberTest,
  thresholds: ReadonlyMap<string, number>,
): CompiledNumberTest {
  return {
    kind: 'number',
    input,
    fibres: fibresOf(input),
    lower: atLeast === undefined ? null : { at: thresholdValue(atLeast, thresholds), perError: guard },
    // Zero has no sign here: limits are compared with one another.
    upper:
      below === undefined
        ? null
        : { at: thresholdValue(below, thresholds), perError: guard === 0 ? 0 : -guard },
    orUnknown,
  };
}

function thresholdValue(name: string, thresholds: ReadonlyMap<string, number>): number {
  const value = thresholds.get(name);
  if (value === undefined) throw new Error(`the threshold «${name}» was checked and has no value`);
  return value;
}
