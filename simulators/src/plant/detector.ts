/** From the light that comes back to the numbers that the station stores. */
import { wavelengthsNm } from './fibre-bands.ts';
import type { NirCondition } from './nir-condition.ts';
import { integerBetween, between, normal, type RandomState } from './random.ts';

/**
 * Assumption: nearly twice the noise of a bench spectrometer that averages for seconds. Of a reflectance of 1: what the
 * photons bring grows with the root of the light, what the electronics bring is always there.
 */
export const noise = { photons: 0.0011, electronics: 0.0001 };
/** What flickers behind a dirty window, in absorbance. */
export const dirtyFlicker = 0.004;
/** A dirty window lets so much through, and throws so much of the lamp back by itself. */
export const dirtyWindow = { through: 0.35, veil: 0.05 };
/** Below this light the converter sees nothing any more, above that it is full. Absorbance. */
export const ceilingAbsorbance = 1.75;
export const floorAbsorbance = -0.12;
/** A detector that integrates too long is full over so large a share of the wavelengths. */
export const saturatedShare = { low: 0.35, high: 0.7 };
/** Values of one spectrum that fall out. */
export const lostValues = { low: 1, high: 6 };

/** An old lamp is redder than the reference: what it lost is missed most at short wavelengths. Assumption. */
const unreferencedShare = 0.3;

function lampOffset(lampShare: number, nm: number): number {
  return unreferencedShare * -Math.log10(lampShare) * (1 - 0.65 * ((nm - 940) / 740));
}

/** The value below which a share of the spectrum lies. */
function quantile(values: Float32Array, share: number): number {
  return values.toSorted()[Math.floor(share * (values.length - 1))] ?? 0;
}

function lose(spectrum: Float32Array, value: number, random: RandomState): void {
  const count = integerBetween(random, lostValues.low, lostValues.high);
  for (let lost = 0; lost < count; lost += 1) {
    spectrum[integerBetween(random, 0, spectrum.length - 1)] = value;
  }
}

function upset(spectrum: Float32Array, condition: NirCondition, random: RandomState): void {
  if (condition.upsets.includes('saturated')) {
    const full = quantile(spectrum, between(random, saturatedShare.low, saturatedShare.high));
    for (const [index, value] of spectrum.entries()) spectrum[index] = Math.max(full, value);
  }
  if (condition.upsets.includes('zeros')) lose(spectrum, 0, random);
  if (condition.upsets.includes('nan')) lose(spectrum, Number.NaN, random);
}

/** The absorbance that the station stores of a reflectance (0 to about 1 and a little more), at `wavelengthsNm`. */
export function detect(
  reflectance: Float64Array,
  condition: NirCondition,
  random: RandomState,
): Float32Array {
  const { lensDirty, lampShare } = condition;
  const spectrum = new Float32Array(reflectance.length);
  for (const [index, nm] of wavelengthsNm.entries()) {
    const back = reflectance[index] ?? 0;
    const light = lensDirty ? dirtyWindow.through * back + dirtyWindow.veil : back;
    const spread = Math.hypot(
      noise.photons * Math.sqrt(Math.max(0, light) / lampShare),
      noise.electronics / lampShare,
    );
    const seen = Math.max(1e-6, light + spread * normal(random));
    const flicker = lensDirty ? dirtyFlicker * normal(random) : 0;
    const absorbance = -Math.log10(seen) + lampOffset(lampShare, nm) + flicker;
    spectrum[index] = Math.min(ceilingAbsorbance, Math.max(floorAbsorbance, absorbance));
  }
  upset(spectrum, condition, random);
  return spectrum;
}
