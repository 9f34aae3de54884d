/** Labelled spectra with their unit shapes: what is fitted, and left out. */
import type { FibreRefusal } from '@trame/protocol/classification/fibre-verdict';
import { GateLog } from '../domain/nir/gate-log.ts';
import type { ModelFile } from '../domain/nir/model-file.ts';
import { pretreatmentOf } from '../domain/nir/open-model.ts';
import { MAX_SPACING_NM, neededNm, readSpectrum, summary } from '../domain/nir/read-spectrum.ts';
import type { Quantity, Spectrum } from '../domain/nir/spectrum.ts';
import { unitShape } from '../domain/nir/unit-shape.ts';
import type { LabelledRow } from './labelled-row.ts';
import { groupBy } from './statistics.ts';

export interface ShapedRow {
  readonly row: LabelledRow;
  readonly spectrum: Spectrum;
  /** Null when a gate of the input refuses it, or it has no shape. */
  readonly shaped: {
    /** On the model's grid; NaN where the source does not reach. */
    readonly absorbance: Float64Array;
    readonly mean: number;
    readonly shape: Float64Array;
    readonly amplitude: number;
  } | null;
  /** Why there is none; null: there is one. */
  readonly refusal: FibreRefusal | null;
}

export type Reading = Pick<ModelFile, 'instrument' | 'input' | 'gate' | 'pretreatment' | 'transfer'>;

/** @param quantity of the values of the rows */
export function shapeRows(rows: readonly LabelledRow[], reading: Reading, quantity: Quantity): ShapedRow[] {
  const pretreatment = pretreatmentOf(reading);
  return rows.map((row) => {
    const spectrum = spectrumOf(row, quantity);
    const gates = new GateLog();
    const absorbance = readSpectrum({ file: reading, pretreatment }, spectrum, gates);
    if (absorbance === null) return { row, spectrum, shaped: null, refusal: gates.refusal };
    const { shape, amplitude } = unitShape(absorbance, pretreatment);
    const { mean } = summary(absorbance);
    return amplitude === 0
      ? { row, spectrum, shaped: null, refusal: 'flat' }
      : { row, spectrum, shaped: { absorbance, mean, shape, amplitude }, refusal: null };
  });
}

/** What is wrong with the spectra that have no shape: a line for each cause, with how many and the first of them. */
export function unreadWords(rows: readonly ShapedRow[], reading: Reading, quantity: Quantity): string[] {
  const [from, to] = neededNm(pretreatmentOf(reading));
  const words: Readonly<Partial<Record<FibreRefusal, string>>> = {
    'not-a-number': 'a value that is missing or no number',
    'wrong-length': 'another number of values than of wavelengths',
    'wrong-grid': `the wavelengths do not cover ${from} to ${to} nm in steps of at most ${MAX_SPACING_NM} nm`,
    'wrong-quantity': `values that ${quantity} cannot have: --quantity says what they are`,
    flat: 'flat: nothing is seen in it',
    saturated: 'saturated: values in a row that are all the same',
  };
  return countedWords(rows, ({ refusal }) => (refusal === null ? null : (words[refusal] ?? refusal)));
}

/** @param causeOf null: nothing is wrong with it. @returns a line for each cause, the most frequent first. */
export function countedWords(
  rows: readonly ShapedRow[],
  causeOf: (row: ShapedRow) => string | null,
): string[] {
  const causes = groupBy(rows, (row) => causeOf(row) ?? '');
  causes.delete('');
  return [...causes]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([cause, found]) => `${found.length} spectra: ${cause}, e.g. ${found[0]?.row.place ?? ''}`);
}

/** The instrument is not told: which model judges a row is chosen by its data set. */
export function spectrumOf(row: LabelledRow, quantity: Quantity): Spectrum {
  return { quantity, wavelengthsNm: row.wavelengthsNm, values: row.values, instrument: null };
}
