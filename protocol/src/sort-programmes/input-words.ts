/** Sort programmes in French: the words of the page's table, of findings and of what a decision shows. */
import { FIBRE_GROUPS, type FibreGroup, type RecognisedFibre } from '../classification/fibre-names.ts';
import type { ProductFamily } from '../material/material-names.ts';
import {
  CHOICE_INPUTS,
  NUMBER_INPUTS,
  type CATEGORIES,
  type COLOURS,
  type ChoiceInput,
  type ConditionGrade,
  type DISRUPTORS,
  type FibreReading,
  type NumberInput,
  type ProgrammeInput,
} from './programme-inputs.ts';

export const FIBRE_WORDS: Readonly<Record<RecognisedFibre, string>> = {
  cotton: 'coton',
  flax: 'lin',
  wool: 'laine',
  viscose: 'viscose',
  polyester: 'polyester',
  polyamide: 'polyamide',
  acrylic: 'acrylique',
  polypropylene: 'polypropylène',
  elastane: 'élasthanne',
  cellulosic: 'fibre cellulosique (coton, lin, ramie ou viscose)',
  acetate: 'acétate',
  'polyvinyl-chloride': 'PVC',
};

const GROUP_WORDS: Readonly<Record<FibreGroup, string>> = {
  natural: 'fibres naturelles',
  cellulosics: 'fibres cellulosiques',
  artificial: 'fibres artificielles',
  synthetic: 'fibres synthétiques',
};

const READING_WORDS: Readonly<Record<FibreReading, string>> = {
  pure: 'une seule fibre',
  blend: 'mélange',
  unknown: 'matière non reconnue',
  'see-through': 'transparent',
  unreadable: 'spectre illisible',
  none: 'pas de lecture',
};

const COLOUR_WORDS: Readonly<Record<(typeof COLOURS)[number], string>> = {
  white: 'blanc',
  light: 'clair',
  medium: 'moyen',
  dark: 'foncé',
  black: 'noir',
  multicolour: 'multicolore',
};

export const DISRUPTOR_WORDS: Readonly<Record<(typeof DISRUPTORS)[number], string>> = {
  zip: 'fermeture à glissière',
  button: 'boutons',
  metal: 'métal',
  print: 'impression',
  coating: 'enduction',
  sequins: 'sequins',
  lining: 'doublure',
  multilayer: 'plusieurs couches',
  padding: 'rembourrage',
  elastane: 'élasthanne visible',
  wet: 'mouillé',
  soiled: 'souillé',
};

const GRADE_WORDS: Readonly<Record<ConditionGrade, string>> = {
  creme: 'crème',
  first: '1er choix',
  second: '2e choix',
  third: '3e choix',
  wiper: 'essuyage',
  material: 'matière',
  waste: 'déchet',
};

const CATEGORY_WORDS: Readonly<Record<(typeof CATEGORIES)[number], string>> = {
  tops: 'hauts',
  trousers: 'pantalons',
  denim: 'jean',
  dresses: 'robes et jupes',
  knitwear: 'maille',
  outerwear: 'manteaux et vestes',
  underwear: 'sous-vêtements',
  'work-wear': 'vêtements de travail',
  'bed-linen': 'linge de lit',
  towels: 'linge éponge',
  curtains: 'rideaux',
  shoes: 'chaussures',
  bags: 'sacs',
  accessories: 'accessoires',
  other: 'autre',
};

const FAMILY_WORDS: Readonly<Record<ProductFamily, string>> = {
  clothing: 'vêtements',
  linen: 'linge de maison',
  shoes: 'chaussures',
  leather: 'maroquinerie',
  'mixed-tlc': 'TLC mélangés',
  'non-tlc': 'hors TLC',
};

const CHOICE_WORDS: { readonly [Input in ChoiceInput]: Readonly<Record<string, string>> } = {
  reading: READING_WORDS,
  colour: COLOUR_WORDS,
  grade: GRADE_WORDS,
  category: CATEGORY_WORDS,
  family: FAMILY_WORDS,
};

const CHOICE_NAMES: Readonly<Record<ChoiceInput, string>> = {
  reading: 'lecture',
  colour: 'couleur',
  grade: 'état',
  category: 'catégorie',
  family: 'famille',
};

/** @returns «mouillé, souillé». */
export function disruptorWords(words: readonly string[]): string {
  return words.map((word) => DISRUPTOR_WORDS[word as keyof typeof DISRUPTOR_WORDS]).join(', ');
}

/** @returns what is asked for: «souillé», «l'un de mouillé, souillé». */
export function anyOfWords(words: readonly string[]): string {
  return words.length === 1 ? disruptorWords(words) : `l'un de ${disruptorWords(words)}`;
}

/** @returns what is not allowed: «souillé exclu», «aucun de mouillé, souillé». */
export function noneOfWords(words: readonly string[]): string {
  return words.length === 1 ? `${disruptorWords(words)} exclu` : `aucun de ${disruptorWords(words)}`;
}

export function isNumberInput(input: string): input is NumberInput {
  return Object.hasOwn(NUMBER_INPUTS, input);
}

export function isChoiceInput(input: string): input is ChoiceInput {
  return Object.hasOwn(CHOICE_INPUTS, input);
}

/** @returns the fibres that an input adds up; null for what is no share of fibres. */
export function fibresOf(input: NumberInput): readonly RecognisedFibre[] | null {
  if (input.startsWith('group.')) return FIBRE_GROUPS[input.slice('group.'.length) as FibreGroup];
  if (input.startsWith('fibre.')) return [input.slice('fibre.'.length) as RecognisedFibre];
  return null;
}

/** @returns «coton», «fibres naturelles», «humidité», «couleur». */
export function inputWords(input: ProgrammeInput): string {
  if (input === 'moisture') return 'humidité';
  if (input === 'weight') return 'poids';
  if (input === 'disruptors') return 'perturbateurs';
  if (isChoiceInput(input)) return CHOICE_NAMES[input];
  return input.startsWith('group.')
    ? GROUP_WORDS[input.slice('group.'.length) as FibreGroup]
    : FIBRE_WORDS[input.slice('fibre.'.length) as RecognisedFibre];
}

/** @param word one of the words of the input. */
export function choiceWords(input: ChoiceInput, word: string): string {
  return CHOICE_WORDS[input][word] ?? word;
}

/** A number with a decimal comma, three places at most, thousands apart. */
export function numberWords(value: number): string {
  const [whole = '0', places] = String(Math.abs(Math.round(value * 1000) / 1000)).split('.');
  const apart = whole.replace(/\B(?=(?:\d{3})+$)/gu, '\u202f');
  return `${value < 0 ? '−' : ''}${apart}${places === undefined ? '' : `,${places}`}`;
}

export function quantityWords(input: NumberInput, value: number): string {
  return `${numberWords(value)}\u00a0${NUMBER_INPUTS[input].unit}`;
}
