/** Tables of a report, and how its numbers are written. */
import type { CalibrationBin, Tally } from '../domain/nir/model-file.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
export interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly tables: readonly Table[];
}
/** One line for each kind of row. */
export function tallyTable({ known, unknown, blends }: Tally): Table {
  const accepted = known.n - known.refused;
  const rmse = blends.rmsePoints;
  return {
    head: ['Quoi', 'Spectres', 'Résultat'],
    rows: [
      ['Une fibre connue : justes parmi les acceptés', String(accepted), ratio(known.right, accepted)],
      ['Une fibre connue : refusés', String(known.n), ratio(known.refused, known.n)],
      ['Matières inconnues : refusées', String(unknown.n), ratio(unknown.refused, unknown.n)],
      ['Mélanges dits purs', String(blends.n), ratio(blends.calledPure, blends.n)],
      ['Mélanges : RMSE des parts dites', String(blends.n), rmse === null ? '–' : `${number(rmse)} points`],
    ],
  };
}

export function calibrationTable(bins: readonly CalibrationBin[]): Table {
  return {
    head: ['Probabilité', 'Spectres', 'Dite', 'Observée'],
    rows: bins.map(({ from, to, n, said, was }) => [
      `${number(from)} – ${number(to)}`,
      String(n),
      said === null ? '–' : number(said, 2),
      was === null ? '–' : number(was, 2),
    ]),
  };
}

/** «89/92 = 96,7 %» */
export function ratio(part: number, whole: number): string {
  return whole === 0 ? '–' : `${part}/${whole} = ${number((100 * part) / whole)} %`;
}

/** In French, at most so many digits behind the comma. */
export function number(value: number, digits = 1): string {
  return value.toLocaleString('fr-FR', { maximumFractionDigits: digits });
}
