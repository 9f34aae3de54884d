/** What the decision aid asks, one thing after the other. */
import type { CompiledProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import { choiceWords, DISRUPTOR_WORDS, inputWords } from '@trame/protocol/sort-programmes/input-words';
import {
  CHOICE_INPUTS,
  DISRUPTORS,
  type ProgrammeInput,
} from '@trame/protocol/sort-programmes/programme-inputs';
import { t, type MessageKey } from '../messages/translate.ts';
import type { AidSaid } from './aid-state.ts';

export const AID_STEPS = [
  'family',
  'category',
  'grade',
  'colour',
  'disruptors',
  'label',
  'why',
  'answer',
] as const;
export type AidStep = (typeof AID_STEPS)[number];

export const STEP_WORDS: Readonly<Record<AidStep, MessageKey>> = {
  family: 'sortAid.family',
  category: 'sortAid.category',
  grade: 'sortAid.grade',
  colour: 'sortAid.colour',
  disruptors: 'sortAid.disruptors',
  label: 'sortAid.label',
  why: 'sortAid.why',
  answer: 'sortAid.answer',
};

/** What is asked of a piece. A family only where the programme asks for it; the rest always, in the same places. */
export function stepsOf({ rules }: CompiledProgramme): readonly AidStep[] {
  const asked = new Set<string>(rules.flatMap(({ tests }) => tests.map(({ input }) => input)));
  return AID_STEPS.filter((step) => {
    if (step === 'family') return asked.has('family');
    return step !== 'answer' && step !== 'why';
  });
}

export type ChoiceStep = Extract<AidStep, 'family' | 'category' | 'grade' | 'colour'>;

export function isChoiceStep(step: AidStep): step is ChoiceStep {
  return step === 'family' || step === 'category' || step === 'grade' || step === 'colour';
}

export interface AidOption {
  readonly id: string;
  readonly label: string;
}

/** In the place of a disruptor: there is none. */
export const NO_DISRUPTOR = 'none';
/** Seen first, and what decides most. */
const FIRST_DISRUPTORS: readonly (typeof DISRUPTORS)[number][] = ['wet', 'soiled'];

export function optionsOf(step: ChoiceStep | 'disruptors'): readonly AidOption[] {
  if (step === 'disruptors') {
    const others = DISRUPTORS.filter((id) => !FIRST_DISRUPTORS.includes(id));
    const words = [...FIRST_DISRUPTORS, ...others].map((id) => ({ id, label: DISRUPTOR_WORDS[id] }));
    return [{ id: NO_DISRUPTOR, label: t('sortAid.noDisruptors') }, ...words];
  }
  return CHOICE_INPUTS[step].map((id) => ({ id, label: choiceWords(step, id) }));
}

/** @returns what was said in a step, in words; null: nothing. */
export function saidWords(step: AidStep, said: AidSaid): string | null {
  if (isChoiceStep(step)) {
    const word = said[step];
    return word == null ? null : choiceWords(step, word);
  }
  if (step === 'disruptors') {
    if (said.disruptors == null) return null;
    return said.disruptors.length === 0
      ? t('sortAid.noDisruptors')
      : said.disruptors.map((word) => DISRUPTOR_WORDS[word]).join(', ');
  }
  if (step !== 'label' || said.label.length === 0) return null;
  return t('sortAid.fibres', { count: said.label.length });
}

/** The step in which something can be said of an input; null: in none, a machine tells it. */
export function stepOfInput(input: ProgrammeInput): AidStep | null {
  if (input === 'moisture' || input === 'weight') return null;
  return input === 'reading' || input.startsWith('fibre.') || input.startsWith('group.')
    ? 'label'
    : (input as AidStep);
}

/** @returns what may still be said, by the names of its steps; what no hand says by its own. */
export function openWords(inputs: readonly ProgrammeInput[]): readonly string[] {
  const words = inputs.map((input) => {
    const step = stepOfInput(input);
    return step === null ? inputWords(input) : t(STEP_WORDS[step]).toLowerCase();
  });
  return [...new Set(words)];
}
