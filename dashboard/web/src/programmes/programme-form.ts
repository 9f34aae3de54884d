/**
 * A sort programme as a form holds it: figures as they were typed, parts that keep their key while they are moved or renamed.
 * A rule names its thresholds by key, so that renaming one loses nothing.
 */
import { isChoiceInput, isNumberInput } from '@trame/protocol/sort-programmes/input-words';
import type {
  ChoiceInput,
  NumberInput,
  ProgrammeInput,
  SetInput,
} from '@trame/protocol/sort-programmes/programme-inputs';
import type { NumberTest, SortProgramme, SortRule } from '@trame/protocol/sort-programmes/sort-programme';
import { figureText } from './figures.ts';

export interface ThresholdForm {
  readonly key: string;
  readonly name: string;
  /** `of`: hangs on another threshold. */
  readonly kind: 'value' | 'of';
  readonly value: string;
  /** Key of another; empty: not chosen. */
  readonly of: string;
  readonly plus: string;
  readonly source: string;
}

interface Asked {
  readonly key: string;
  readonly orUnknown: boolean;
}

export interface NumberTestForm extends Asked {
  readonly kind: 'number';
  readonly input: NumberInput;
  /** Keys of thresholds; empty: not asked. */
  readonly atLeast: string;
  readonly below: string;
  /** Empty: none. */
  readonly guard: string;
}

export interface ChoiceTestForm extends Asked {
  readonly kind: 'choice';
  readonly input: ChoiceInput;
  readonly words: readonly string[];
}

export interface SetTestForm extends Asked {
  readonly kind: 'set';
  readonly input: SetInput;
  readonly anyOf: readonly string[];
  readonly noneOf: readonly string[];
}

export type TestForm = NumberTestForm | ChoiceTestForm | SetTestForm;

export interface RuleForm {
  readonly key: string;
  /** Empty: a new one, named after its label when it is sent. */
  readonly id: string;
  readonly label: string;
  readonly outlet: string;
  readonly note: string;
  readonly tests: readonly TestForm[];
}

export interface CeilingForm {
  readonly key: string;
  readonly outlet: string;
  readonly substance: string;
  readonly mgPerKgDry: string;
  readonly source: string;
}

export interface ProgrammeForm {
  /** Of the part that is added next. */
  readonly nextKey: number;
  /** Empty: a new one, named after its label when it is sent. */
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly example: boolean;
  readonly thresholds: readonly ThresholdForm[];
  readonly ceilings: readonly CeilingForm[];
  /** The last one takes everything. */
  readonly rules: readonly RuleForm[];
}

/** @param programme without errors: a name that is no threshold would be left out. */
export function formOf(programme: SortProgramme): ProgrammeForm {
  let next = 0;
  const newKey = (): string => {
    next += 1;
    return `p${next}`;
  };
  const named = Object.entries(programme.thresholds).map(([name, threshold]) => ({
    name,
    threshold,
    key: newKey(),
  }));
  const keyOf = (name: string | undefined): string => named.find((one) => one.name === name)?.key ?? '';
  return {
    id: programme.id,
    label: programme.label,
    note: programme.note ?? '',
    example: programme.example,
    thresholds: named.map(({ name, threshold, key }) => {
      const { source } = threshold;
      return 'value' in threshold
        ? { key, name, kind: 'value', value: figureText(threshold.value), of: '', plus: '', source }
        : {
            key,
            name,
            kind: 'of',
            value: '',
            of: keyOf(threshold.of),
            plus: figureText(threshold.plus),
            source,
          };
    }),
    ceilings: programme.ceilings.map(({ outlet, substance, mgPerKgDry, source }) => ({
      key: newKey(),
      outlet,
      substance,
      mgPerKgDry: figureText(mgPerKgDry),
      source,
    })),
    rules: programme.rules.map((rule) => ruleForm(rule, newKey, keyOf)),
    nextKey: next + 1,
  };
}

function ruleForm(
  { id, label, outlet, note = '', when }: SortRule,
  newKey: () => string,
  keyOf: (name: string | undefined) => string,
): RuleForm {
  const tests = (Object.entries(when) as [ProgrammeInput, object][]).map(([input, test]): TestForm => {
    const asked = { key: newKey(), orUnknown: 'orUnknown' in test && test.orUnknown === true };
    if (isNumberInput(input)) {
      const { atLeast, below, guard }: NumberTest = test;
      const limits = { atLeast: keyOf(atLeast), below: keyOf(below) };
      return {
        ...asked,
        ...limits,
        kind: 'number',
        input,
        guard: guard === undefined ? '' : figureText(guard),
      };
    }
    const { in: words, anyOf, noneOf } = test as Readonly<Record<string, readonly string[] | undefined>>;
    return isChoiceInput(input)
      ? { ...asked, kind: 'choice', input, words: words ?? [] }
      : { ...asked, kind: 'set', input, anyOf: anyOf ?? [], noneOf: noneOf ?? [] };
  });
  return { key: newKey(), id, label, outlet, note, tests };
}
