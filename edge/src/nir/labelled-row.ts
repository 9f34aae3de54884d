/** A spectrum whose cloth is known by its label. */
import type { RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { RegularGrid } from '../domain/nir/spectrum.ts';

/**
 * Columns of percentages, and what their fibre is called in a verdict. Near infrared does not tell cotton from viscose,
 * flax or ramie: all of them are cellulosic.
 */
export const LABEL_FIBRES = {
  cotton: 'cellulosic',
  polyester: 'polyester',
  nylon: 'polyamide',
  wool: 'wool',
  acetate: 'acetate',
  acrylic: 'acrylic',
  flax: 'cellulosic',
  viscose: 'cellulosic',
  polypropylene: 'polypropylene',
  elastane: 'elastane',
} as const satisfies Record<string, RecognisedFibre>;
export type LabelFibre = keyof typeof LABEL_FIBRES;
export const LABEL_COLUMNS = Object.keys(LABEL_FIBRES) as LabelFibre[];
/** A file that lacks one of these was made for something else; the others may be there. */
export const REQUIRED_LABELS: readonly LabelFibre[] = [
  'cotton',
  'polyester',
  'nylon',
  'wool',
  'acetate',
  'acrylic',
];

export interface LabelledRow {
  /** Which instrument, as the file names it. */
  readonly dataset: string;
  /** The physical swatch: reads of one are never on both sides of a split. */
  readonly sample: string;
  readonly className: string;
  /** % by label; those that are not 0. */
  readonly label: Readonly<Partial<Record<LabelFibre, number>>>;
  readonly wavelengthsNm: RegularGrid | readonly number[];
  readonly values: Float64Array;
  /** File and line, for messages. */
  readonly place: string;
}

/** A share below this is not a second fibre, points. */
const SECOND_FIBRE_POINTS = 5;
/** What is sorted: one of them alone has to be recognised. */
const KNOWN: readonly RecognisedFibre[] = ['cellulosic', 'polyester', 'polyamide'];

/** How `model evaluate` counts a row. */
export type RowKind = 'known' | 'blend' | 'unknown';

/** `known`: one fibre among cotton, polyester and nylon. `blend`: two or more. `unknown`: all else. */
export function rowKind({ label }: Pick<LabelledRow, 'label'>): RowKind {
  const [first, ...others] = sharesOf(label);
  if (others.length > 0) return 'blend';
  return first !== undefined && KNOWN.includes(first.fibre) ? 'known' : 'unknown';
}

/** What a verdict could say of a label: cotton and flax in it are both cellulosic. */
export function sharesOf(
  label: LabelledRow['label'],
): { readonly fibre: RecognisedFibre; readonly percent: number }[] {
  const shares = new Map<RecognisedFibre, number>();
  for (const column of fibresOf(label)) {
    const fibre = LABEL_FIBRES[column];
    shares.set(fibre, (shares.get(fibre) ?? 0) + (label[column] ?? 0));
  }
  return [...shares].map(([fibre, percent]) => ({ fibre, percent }));
}

/** Fibres that count, in the order of the columns. */
export function fibresOf(label: LabelledRow['label']): LabelFibre[] {
  return LABEL_COLUMNS.filter((fibre) => (label[fibre] ?? 0) >= SECOND_FIBRE_POINTS);
}

/** The only column of a row, or null. */
export function onlyFibre(row: Pick<LabelledRow, 'label'>): LabelFibre | null {
  const fibres = fibresOf(row.label);
  return fibres.length === 1 ? (fibres[0] ?? null) : null;
}

export function isBackground({ label, className }: Pick<LabelledRow, 'label' | 'className'>): boolean {
  return fibresOf(label).length === 0 && /background/iu.test(className);
}
