/** Labelled spectra with their unit shapes: what is fitted, and left out. */
import { GateLog } from '../domain/nir/gate-log.ts';
import type { ModelFile } from '../domain/nir/model-file.ts';
import { pretreatmentOf } from '../domain/nir/open-model.ts';
import { readSpectrum, summary } from '../domain/nir/read-spectrum.ts';
import type { Quantity, Spectrum } from '../domain/nir/spectrum.ts';
import { unitShape } from '../domain/nir/unit-shape.ts';
import type { LabelledRow } from './labelled-row.ts';

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
}

export type Reading = Pick<ModelFile, 'instrument' | 'input' | 'gate' | 'pretreatment' | 'transfer'>;

/** @param quantity of the values of the rows */
export function shapeRows(rows: readonly LabelledRow[], reading: Reading, quantity: Quantity): ShapedRow[] {
  const pretreatment = pretreatmentOf(reading);
  return rows.map((row) => {
    const spectrum = spectrumOf(row, quantity);
    const absorbance = readSpectrum({ file: reading, pretreatment }, spectrum, new GateLog());
    if (absorbance === null) return { row, spectrum, shaped: null };
    const { shape, amplitude } = unitShape(absorbance, pretreatment);
    const { mean } = summary(absorbance);
    return { row, spectrum, shaped: amplitude === 0 ? null : { absorbance, mean, shape, amplitude } };
  });
}

/** The instrument is not told: which model judges a row is chosen by its data set. */
export function spectrumOf(row: LabelledRow, quantity: Quantity): Spectrum {
  return { quantity, wavelengthsNm: row.wavelengthsNm, values: row.values, instrument: null };
}
