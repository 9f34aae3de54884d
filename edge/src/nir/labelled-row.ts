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
} as const satisfies Record<string, RecognisedFibre>;
export type LabelFibre = keyof typeof LABEL_FIBRES;
export const LABEL_COLUMNS = Object.keys(LABEL_FIBRES) as LabelFibre[];

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
const KNOWN: readonly LabelFibre[] = ['cotton', 'polyester', 'nylon'];

/** How `model evaluate` counts a row. */
export type RowKind = 'known' | 'blend' | 'unknown';

/** `known`: one fibre among cotton, polyester and nylon. `blend`: two or more. `unknown`: all else. */
export function rowKind({ label }: Pick<LabelledRow, 'label'>): RowKind {
  const fibres = fibresOf(label);
  if (fibres.length > 1) return 'blend';
  return fibres[0] !== undefined && KNOWN.includes(fibres[0]) ? 'known' : 'unknown';
}

/** Fibres that count, in the order of the columns. */
export function fibresOf(label: LabelledRow['label']): LabelFibre[] {
  return LABEL_COLUMNS.filter((fibre) => (label[fibre] ?? 0) >= SECOND_FIBRE_POINTS);
}

/** The only fibre of a row, or null. */
export function onlyFibre(row: Pick<LabelledRow, 'label'>): LabelFibre | null {
  const fibres = fibresOf(row.label);
  return fibres.length === 1 ? (fibres[0] ?? null) : null;
}

export function isBackground({ label, className }: Pick<LabelledRow, 'label' | 'className'>): boolean {
  return fibresOf(label).length === 0 && /background/iu.test(className);
}
