/** What one test of a rule asks for, in French. */
import {
  anyOfWords,
  choiceWords,
  disruptorWords,
  inputWords,
  isChoiceInput,
  isNumberInput,
  noneOfWords,
  numberWords,
  quantityWords,
} from './input-words.ts';
import type { NumberInput, ProgrammeInput } from './programme-inputs.ts';
import type { NumberTest, RuleTests } from './sort-programme.ts';

/**
 * @param values of the thresholds; a name that has none stands alone.
 * @returns «coton : au moins 80 % (fibre-dominante), marge de 1 erreur, ou non connu».
 */
export function criterionWords<Input extends ProgrammeInput>(
  input: Input,
  test: NonNullable<RuleTests[Input]>,
  values: ReadonlyMap<string, number>,
): string {
  const asked = isNumberInput(input) ? limitWords(input, test, values) : listWords(input, test as WordTest);
  return `${inputWords(input)} : ${[...asked, ...(test.orUnknown === true ? ['ou non connu'] : [])].join(', ')}`;
}

type WordTest = {
  readonly in?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly noneOf?: readonly string[];
};

function limitWords(
  input: NumberInput,
  { atLeast, below, guard = 0 }: NumberTest,
  values: ReadonlyMap<string, number>,
): string[] {
  const named = (name: string) => {
    const value = values.get(name);
    return value === undefined ? `« ${name} »` : `${quantityWords(input, value)} (${name})`;
  };
  return [
    ...(atLeast === undefined ? [] : [`au moins ${named(atLeast)}`]),
    ...(below === undefined ? [] : [`moins de ${named(below)}`]),
    ...(guard === 0 ? [] : [`marge de ${numberWords(guard)} ${guard < 2 ? 'erreur' : 'erreurs'}`]),
  ];
}

function listWords(input: ProgrammeInput, { in: one, anyOf, noneOf }: WordTest): string[] {
  const inWords = (words: readonly string[]) =>
    isChoiceInput(input) ? words.map((word) => choiceWords(input, word)).join(', ') : disruptorWords(words);
  return [
    ...(one === undefined ? [] : [inWords(one)]),
    ...(anyOf === undefined ? [] : [anyOfWords(anyOf)]),
    ...(noneOf === undefined ? [] : [noneOfWords(noneOf)]),
  ];
}
