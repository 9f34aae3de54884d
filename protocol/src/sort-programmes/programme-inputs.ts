/** What a sort programme may ask about a piece, or about a heap of the same. */
import {
  FIBRE_GROUPS,
  RECOGNISED_FIBRES,
  type FibreGroup,
  type RecognisedFibre,
} from '../classification/fibre-names.ts';
import { PRODUCT_FAMILIES } from '../material/material-names.ts';

/**
 * How the reading of the fibre ended. `pure`: one fibre, named. `blend`: several, with their shares. `unknown`: it looks like
 * nothing known, or like nothing that may be named. `see-through`: mostly background. `unreadable`: the spectrum is bad.
 * `none`: it was not read.
 */
export const READINGS = ['pure', 'blend', 'unknown', 'see-through', 'unreadable', 'none'] as const;
export type FibreReading = (typeof READINGS)[number];

export const COLOURS = ['white', 'light', 'medium', 'dark', 'black', 'multicolour'] as const;

/** What stands in the way of a machine or of an outlet, and is on or in a piece. */
export const DISRUPTORS = [
  'zip',
  'button',
  'metal',
  'print',
  'coating',
  'sequins',
  'lining',
  'multilayer',
  'padding',
  'elastane',
  'wet',
  'soiled',
] as const;

/** Condition by a person, best first; `material`: wearable no more, `waste`: material no more. */
export const CONDITION_GRADES = ['creme', 'first', 'second', 'third', 'wiper', 'material', 'waste'] as const;
export type ConditionGrade = (typeof CONDITION_GRADES)[number];

export const CATEGORIES = [
  'tops',
  'trousers',
  'denim',
  'dresses',
  'knitwear',
  'outerwear',
  'underwear',
  'work-wear',
  'bed-linen',
  'towels',
  'curtains',
  'shoes',
  'bags',
  'accessories',
  'other',
] as const;

/** Inputs that are numbers, with the range in which they lie. Those of fibres carry the error of their reading. */
export type NumberInput = `fibre.${RecognisedFibre}` | `group.${FibreGroup}` | 'moisture' | 'weight';
export const NUMBER_INPUTS: Readonly<
  Record<NumberInput, { readonly unit: '%' | 'g'; readonly max: number }>
> = {
  ...(Object.fromEntries(RECOGNISED_FIBRES.map((id) => [`fibre.${id}`, { unit: '%', max: 100 }])) as Record<
    `fibre.${RecognisedFibre}`,
    { unit: '%'; max: number }
  >),
  ...(Object.fromEntries(
    Object.keys(FIBRE_GROUPS).map((id) => [`group.${id}`, { unit: '%', max: 100 }]),
  ) as Record<`group.${FibreGroup}`, { unit: '%'; max: number }>),
  /** Water, % of the mass as received. */
  moisture: { unit: '%', max: 100 },
  weight: { unit: 'g', max: 1_000_000 },
};

/** Inputs that are one of several words. */
export const CHOICE_INPUTS = {
  reading: READINGS,
  colour: COLOURS,
  grade: CONDITION_GRADES,
  category: CATEGORIES,
  family: PRODUCT_FAMILIES,
} as const;
export type ChoiceInput = keyof typeof CHOICE_INPUTS;

/** Inputs of which several words may be true at once. */
export const SET_INPUTS = { disruptors: DISRUPTORS } as const;
export type SetInput = keyof typeof SET_INPUTS;

export type ProgrammeInput = NumberInput | ChoiceInput | SetInput;

/** What is known of a piece; null: not known. Fibres that are not named in `composition` are 0 there. */
export interface PieceFacts {
  readonly reading: FibreReading;
  /** % of dry mass, adding up to 100; null: nothing can be said. Only where `reading` is `pure` or `blend`. */
  readonly composition: Readonly<Partial<Record<RecognisedFibre, number>>> | null;
  /** Root mean square error of a share, points; 0 when a person read a label. */
  readonly errorPoints: number;
  readonly colour: (typeof COLOURS)[number] | null;
  readonly moisturePercent: number | null;
  readonly disruptors: readonly (typeof DISRUPTORS)[number][] | null;
  readonly grade: ConditionGrade | null;
  readonly weightG: number | null;
  readonly category: (typeof CATEGORIES)[number] | null;
  readonly family: (typeof PRODUCT_FAMILIES)[number] | null;
}
