/** From what an instrument gave to absorbance on the grid of a model: all bad input ends here. */
import type { GateLog } from './gate-log.ts';
import type { ModelFile } from './model-file.ts';
import { REACH_NM, resample } from './resample.ts';
import { MAX_POINTS, pointCount, wavelengthAt, type Quantity, type Spectrum } from './spectrum.ts';
import type { Pretreatment } from './unit-shape.ts';

/** Absorbance on the model's grid, NaN where the source does not reach; null when a gate refused it. */
export type ReadSpectrum = Float64Array | null;

/** What of a model reads spectra: the same before it is fitted. */
export interface SpectrumReader {
  readonly file: Pick<ModelFile, 'instrument' | 'input' | 'gate' | 'transfer'>;
  readonly pretreatment: Pretreatment;
}

/** Values that a quantity can have at all, rounding and noise included. */
const PLAUSIBLE: Readonly<Record<Quantity, readonly [low: number, high: number]>> = {
  absorbance: [-1, 6],
  reflectance: [-0.05, 1.5],
  'percent-reflectance': [-5, 150],
};
/** A whole spectrum below this is a fraction that was called a percentage, %. */
const LEAST_PERCENT = 2;
/** Reflectance below this is what the detector gives in the dark. */
const LEAST_REFLECTANCE = 1e-4;
/** Bands are 20 to 60 nm wide: wider steps miss them. */
export const MAX_SPACING_NM = 8;

/** Goes through the gates of the input, in order, and writes them into `log`. */
export function readSpectrum(
  { file, pretreatment }: SpectrumReader,
  spectrum: Spectrum,
  log: GateLog,
): ReadSpectrum {
  if (!log.take('wrong-instrument', isFor(file, spectrum.instrument))) return null;
  const count = pointCount(spectrum.wavelengthsNm);
  const { values } = spectrum;
  const fits = values.length === count && count >= 2 && count <= MAX_POINTS;
  if (!log.take('wrong-length', fits, values.length, Math.min(count, MAX_POINTS))) return null;
  if (!log.take('not-a-number', isFinite(values))) return null;
  const { step } = pretreatment.grid;
  if (!log.take('wrong-grid', covers(spectrum, neededNm(pretreatment)))) return null;
  if (!log.take('wrong-quantity', isPlausible(spectrum))) return null;
  const absorbance = onGrid(spectrum, file);
  const { range } = summary(absorbance);
  if (!log.take('flat', range >= file.gate.rangeMin, range, file.gate.rangeMin)) return null;
  const run = longestRun(spectrum, step);
  if (!log.take('saturated', run <= file.gate.equalRunMax, run, file.gate.equalRunMax)) return null;
  return absorbance;
}

/** @returns the wavelengths that a spectrum has to cover, nm. */
export function neededNm({
  taps,
  grid: { from, step },
  first,
  last,
}: Pretreatment): readonly [from: number, to: number] {
  const half = (taps.length - 1) / 2;
  return [from + (first - half) * step, from + (last + half) * step];
}

/** Mean, and highest less lowest, of what the source reaches. */
export function summary(absorbance: Float64Array): { readonly mean: number; readonly range: number } {
  let [sum, n, low, high] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < absorbance.length; i += 1) {
    const value = absorbance[i] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    n += 1;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { mean: sum / n, range: high - low };
}

function isFor({ instrument }: Pick<ModelFile, 'instrument'>, told: string | null): boolean {
  return told === null || told === instrument.type;
}

function isFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Whether the wavelengths rise, reach as far as the model looks, and lie close enough there. */
function covers({ wavelengthsNm }: Spectrum, [from, to]: readonly [number, number]): boolean {
  const count = pointCount(wavelengthsNm);
  if (!(wavelengthAt(wavelengthsNm, 0) <= from + REACH_NM)) return false;
  if (!(wavelengthAt(wavelengthsNm, count - 1) >= to - REACH_NM)) return false;
  for (let i = 1; i < count; i += 1) {
    const before = wavelengthAt(wavelengthsNm, i - 1);
    const here = wavelengthAt(wavelengthsNm, i);
    if (!(here > before)) return false;
    if (here - before > MAX_SPACING_NM + REACH_NM && here > from && before < to) return false;
  }
  return true;
}

function isPlausible({ quantity, values }: Spectrum): boolean {
  const [low, high] = PLAUSIBLE[quantity];
  let most = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value < low || value > high) return false;
    if (value > most) most = value;
  }
  return quantity !== 'percent-reflectance' || most > LEAST_PERCENT;
}

function onGrid(
  spectrum: Spectrum,
  { input: { grid }, transfer }: Pick<ModelFile, 'input' | 'transfer'>,
): Float64Array {
  const measured = absorbanceOf(spectrum);
  const { wavelengthsNm } = spectrum;
  const same = isGrid(wavelengthsNm, grid);
  const absorbance = same ? measured : resample(wavelengthArray(wavelengthsNm), measured, grid);
  if (transfer?.kind !== 'offset-slope') return absorbance;
  return absorbance.map((value) => transfer.offset + transfer.slope * value);
}

function absorbanceOf({ quantity, values }: Spectrum): Float64Array {
  if (quantity === 'absorbance') return Float64Array.from(values);
  const whole = quantity === 'reflectance' ? 1 : 100;
  return Float64Array.from(values, (value) => -Math.log10(Math.max(value / whole, LEAST_REFLECTANCE)));
}

function isGrid(wavelengths: Spectrum['wavelengthsNm'], grid: ModelFile['input']['grid']): boolean {
  const count = pointCount(wavelengths);
  if (count !== grid.count) return false;
  for (let i = 0; i < count; i += 1) {
    if (Math.abs(wavelengthAt(wavelengths, i) - (grid.from + i * grid.step)) > REACH_NM) return false;
  }
  return true;
}

function wavelengthArray(wavelengths: Spectrum['wavelengthsNm']): Float64Array {
  return Float64Array.from({ length: pointCount(wavelengths) }, (_, i) => wavelengthAt(wavelengths, i));
}

/** The longest stretch of one and the same value, in points of the model's grid. */
function longestRun({ wavelengthsNm, values }: Spectrum, stepNm: number): number {
  let longest = 0;
  let start = 0;
  for (let i = 1; i <= values.length; i += 1) {
    if (i < values.length && values[i] === values[start]) continue;
    if (i - start > 1) {
      longest = Math.max(longest, wavelengthAt(wavelengthsNm, i - 1) - wavelengthAt(wavelengthsNm, start));
    }
    start = i;
  }
  return Math.round(longest / stepNm) + 1;
}
