/** A spectrum as an instrument gives it. */

/** `absorbance`: −log₁₀ of reflectance. `reflectance`: 0…1. `percent-reflectance`: 0…100. */
export const QUANTITIES = ['absorbance', 'reflectance', 'percent-reflectance'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** Wavelengths at equal distances, nm. */
export interface RegularGrid {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

export interface Spectrum {
  readonly quantity: Quantity;
  /** One by one, rising, nm; or regular. */
  readonly wavelengthsNm: RegularGrid | ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** What measured it, by the type that its maker gives it; null: not told, and not checked. */
  readonly instrument: string | null;
}

/** More points than any instrument of this range gives. */
export const MAX_POINTS = 8192;

export function pointCount(wavelengths: Spectrum['wavelengthsNm']): number {
  return 'count' in wavelengths ? wavelengths.count : wavelengths.length;
}

/** @returns nm; NaN past the end. */
export function wavelengthAt(wavelengths: Spectrum['wavelengthsNm'], index: number): number {
  return 'count' in wavelengths
    ? wavelengths.from + index * wavelengths.step
    : (wavelengths[index] ?? Number.NaN);
}

/** Every wavelength of a regular grid, nm. */
export function wavelengthsOf({ from, step, count }: RegularGrid): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => from + index * step);
}
