/**
 * What is left of a spectrum when thickness, scatter and tilt are taken away: its Savitzky–Golay second derivative,
 * centred and of length one. Up to the factor √n this is the standard normal variate of that derivative.
 */
import type { RegularGrid } from './spectrum.ts';
import { standardised, type Standardisation } from './standardise.ts';

export interface Pretreatment {
  readonly grid: RegularGrid;
  readonly taps: Float64Array;
  /** First and last point of the grid that has a value of the shape. */
  readonly first: number;
  readonly last: number;
  /** From the instrument that measures to the one that the model was made with; null: the same. */
  readonly standardisation: Standardisation | null;
}

export interface UnitShape {
  /** Values from `first` to `last`; zeros where the spectrum has no curvature at all. */
  readonly shape: Float64Array;
  /** Length of the derivative before it was made one, in absorbance per step²; 0 without curvature. */
  readonly amplitude: number;
}

/**
 * Weights of a Savitzky–Golay second derivative by polynomials of degree 2, per step²
 * (Savitzky & Golay, Anal. Chem. 36, 1964, 1627).
 *
 * @param window points, odd, at least 5
 */
export function secondDerivativeTaps(window: number): Float64Array {
  const half = (window - 1) / 2;
  let squares = 0;
  let fourths = 0;
  for (let i = -half; i <= half; i += 1) {
    squares += i * i;
    fourths += i ** 4;
  }
  const determinant = window * fourths - squares * squares;
  return Float64Array.from(
    { length: window },
    (_, k) => (2 * (window * (k - half) ** 2 - squares)) / determinant,
  );
}

/** @returns the second derivative at `first` to `last`, before anything is scaled. */
export function secondDerivative(
  absorbance: ArrayLike<number>,
  { taps, first, last }: Pick<Pretreatment, 'taps' | 'first' | 'last'>,
): Float64Array {
  const window = taps.length;
  const half = (window - 1) / 2;
  const out = new Float64Array(last - first + 1);
  for (let i = 0; i < out.length; i += 1) {
    const start = first + i - half;
    let sum = 0;
    for (let k = 0; k < window; k += 1) sum += (taps[k] as number) * (absorbance[start + k] as number);
    out[i] = sum;
  }
  return out;
}

/** @param absorbance on the grid of the model; what the window reaches from `first` to `last` has to be there */
export function unitShape(absorbance: ArrayLike<number>, pretreatment: Pretreatment): UnitShape {
  const { standardisation } = pretreatment;
  const measured = secondDerivative(absorbance, pretreatment);
  return scaled(standardisation === null ? measured : standardised(measured, standardisation));
}

/** Below this a derivative is rounding, not a spectrum, absorbance per step². */
const NO_CURVATURE = 1e-12;

function scaled(shape: Float64Array): UnitShape {
  const n = shape.length;
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += (shape[i] as number) / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const value = (shape[i] as number) - mean;
    shape[i] = value;
    squares += value * value;
  }
  const amplitude = Math.sqrt(squares);
  if (amplitude < NO_CURVATURE) return { shape: shape.fill(0), amplitude: 0 };
  for (let i = 0; i < n; i += 1) shape[i] = (shape[i] as number) / amplitude;
  return { shape, amplitude };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
