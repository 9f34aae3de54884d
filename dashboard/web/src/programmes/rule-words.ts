/** A rule in words, for whoever reads the table at the end of a shift. */
import { criterionWords } from '@trame/protocol/sort-programmes/criterion-words';
import { fibresOf, isNumberInput, quantityWords } from '@trame/protocol/sort-programmes/input-words';
import type { ProgrammeInput } from '@trame/protocol/sort-programmes/programme-inputs';
import type { NumberTest, RuleTests, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { resolveThresholds, USUAL_ERROR_POINTS } from '@trame/protocol/sort-programmes/thresholds';
import { t } from '../messages/translate.ts';
import { readFigure } from './figures.ts';
import type { ProgrammeForm } from './programme-form.ts';

export interface Condition {
  readonly input: ProgrammeInput;
  readonly words: string;
  /** What a guard band makes of the limits at the usual error; null: there is none. */
  readonly guard: string | null;
}

export type ThresholdValues = ReadonlyMap<string, number>;

/** @param thresholds may have parts that are not filled in yet: those have no value. */
export function valuesOf(thresholds: SortProgramme['thresholds']): ThresholdValues {
  const filled = Object.entries(thresholds).filter(([, one]) =>
    Number.isFinite('value' in one ? one.value : one.plus),
  );
  return resolveThresholds(Object.fromEntries(filled)).values;
}

/** By the key of the threshold in the form. */
export function formValues(form: ProgrammeForm): ThresholdValues {
  const written = form.thresholds.flatMap(({ key, kind, value, of, plus, source }) => {
    const figure = readFigure(kind === 'value' ? value : plus);
    if (figure === null) return [];
    return [[key, kind === 'value' ? { value: figure, source } : { of, plus: figure, source }]];
  });
  return valuesOf(Object.fromEntries(written) as SortProgramme['thresholds']);
}

/** Nothing: the rule takes everything. */
export function conditionsOf(when: RuleTests, values: ThresholdValues): readonly Condition[] {
  return (Object.keys(when) as ProgrammeInput[]).flatMap((input) => {
    const test = when[input];
    if (test === undefined) return [];
    const guard = isNumberInput(input) ? guardWords(input, test, values) : null;
    return [{ input, words: criterionWords(input, test, values), guard }];
  });
}

function guardWords(
  input: Parameters<typeof quantityWords>[0],
  { atLeast, below, guard = 0 }: NumberTest,
  values: ThresholdValues,
): string | null {
  if (!(guard > 0) || fibresOf(input) === null) return null;
  const band = guard * USUAL_ERROR_POINTS;
  const lower = atLeast === undefined ? undefined : values.get(atLeast);
  const upper = below === undefined ? undefined : values.get(below);
  const limits = [
    ...(lower === undefined
      ? []
      : [t('programme.guardAtLeast', { limit: quantityWords(input, lower + band) })]),
    ...(upper === undefined
      ? []
      : [t('programme.guardBelow', { limit: quantityWords(input, upper - band) })]),
  ];
  if (limits.length === 0) return null;
  return t('programme.guard', { points: USUAL_ERROR_POINTS, limits: limits.join(t('programme.guardAnd')) });
}

/** Labels of the rules that name a threshold, or names of the thresholds that hang on it. */
export function namersOf({ rules, thresholds }: SortProgramme, name: string): readonly string[] {
  return [
    ...rules
      .filter(({ when }) => Object.values(when).some((test) => names(test, name)))
      .map(({ label }) => label),
    ...Object.entries(thresholds)
      .filter(([, one]) => 'of' in one && one.of === name)
      .map(([other]) => other),
  ];
}

function names(test: object, name: string): boolean {
  return ('atLeast' in test && test.atLeast === name) || ('below' in test && test.below === name);
}
