/**
 * The spectrum of one read, a pure function of the plant's seed and the result. Fibres are mixed in absorbance by
 * their share of the mass, as far as they are seen; what lies side by side under the lamp (an edge of cloth and the
 * belt, a button), and what shines through, is mixed in light.
 */
import { clothOf, sharesOf, type Cloth, type Shade } from './cloth.ts';
import { detect } from './detector.ts';
import {
  absorbanceOf,
  belt,
  dyeTail,
  fibreBands,
  printBands,
  wavelengthsNm,
  type Band,
} from './fibre-bands.ts';
import { waterAbsorbance, waterBandsAround, waterShareOf } from './moisture.ts';
import { poseOf, type Pose, type Trim } from './pose.ts';
import type { NirResult } from './step-events.ts';
import { between, seedRandom, type RandomState } from './random.ts';

interface ShadeEffect {
  /** Absorbance at every wavelength. */
  readonly level: { readonly low: number; readonly high: number };
  /** Absorbance of the dye's tail at 900 nm. */
  readonly tail: number;
  /** How deep light goes, against undyed cloth: so much of the fibre's bands is left. */
  readonly depth: number;
}

/** Assumption, but for the levels of white to dark: those are what a small spectrometer sees on clothes. */
export const shadeEffects: Readonly<Record<Shade, ShadeEffect>> = {
  white: { level: { low: -0.06, high: 0.12 }, tail: 0, depth: 1 },
  light: { level: { low: 0.02, high: 0.17 }, tail: 0, depth: 1 },
  medium: { level: { low: 0.06, high: 0.24 }, tail: 0.005, depth: 1 },
  dark: { level: { low: 0.14, high: 0.34 }, tail: 0.02, depth: 0.95 },
  black: { level: { low: 0.24, high: 0.5 }, tail: 0.05, depth: 0.9 },
  carbon: { level: { low: 1.05, high: 1.9 }, tail: 0, depth: 0.3 },
};

/** How much more or less of its bands a cloth shows than the tables say: weave, thickness of the yarn. */
export const weave = { low: 0.8, high: 1.35 };
/** From 940 to 1680 nm, in absorbance; the bow is what scattering adds to a straight line. */
export const tilt = { low: -0.025, high: 0.03 };
const bow = { low: -0.012, high: 0.012 };
/** Of the way through the cloth, light that shines through it goes so much. */
const passShare = 0.5;
const trimLevel: Readonly<Record<Exclude<Trim, 'none'>, number>> = { print: 0.2, button: 0.15, metal: 0.3 };
const trimBands: Readonly<Record<Exclude<Trim, 'none'>, readonly Band[]>> = {
  print: printBands,
  button: fibreBands.polyester,
  metal: [],
};
const spectrumStream = 0x51c;

function place(nm: number): number {
  return (nm - 940) / 740;
}

function lightOf(absorbance: number): number {
  return 10 ** -absorbance;
}

/** What the fibres on top, and what coats them, absorb. */
function materialOf(cloth: Cloth, driftNm: number): Float64Array {
  const made = new Float64Array(wavelengthsNm.length);
  const fibres = sharesOf(cloth.upper).map(
    ([fibre, share]) => [absorbanceOf(fibreBands[fibre], driftNm), share * (1 - cloth.coating)] as const,
  );
  // Polyurethane is what elastane is made of.
  const coated = [absorbanceOf(fibreBands.elastane, driftNm), cloth.coating] as const;
  for (const [table, share] of [...fibres, coated]) {
    for (const [index, value] of table.entries()) made[index] = (made[index] ?? 0) + share * value;
  }
  return made;
}

/** Light from the belt alone. */
function beltLight(driftNm: number, random: RandomState): Float64Array {
  const level = between(random, belt.level.low, belt.level.high);
  const bands = absorbanceOf(belt.bands, driftNm);
  return Float64Array.from(wavelengthsNm, (nm, index) =>
    lightOf(level + belt.slope * place(nm) + (bands[index] ?? 0)),
  );
}

/** Light from the cloth, with what shines through it. */
function clothLight(
  seed: number,
  result: NirResult,
  cloth: Cloth,
  pose: Pose,
  below: Float64Array,
  random: RandomState,
): Float64Array {
  const { driftNm } = result.condition;
  const effect = shadeEffects[cloth.shade];
  const level = between(random, effect.level.low, effect.level.high) + pose.shadow;
  const depth = effect.depth * pose.depth * between(random, weave.low, weave.high);
  const slope = between(random, tilt.low, tilt.high);
  const bend = between(random, bow.low, bow.high);
  const material = materialOf(cloth, driftNm);
  const water = waterAbsorbance(waterShareOf(seed, result, cloth.upper), waterBandsAround(random), driftNm);
  const tail = absorbanceOf(dyeTail, 0);
  return Float64Array.from(wavelengthsNm, (nm, index) => {
    const at = place(nm);
    const inside = depth * ((material[index] ?? 0) + (water[index] ?? 0));
    const around = level + slope * at + bend * 4 * at * (1 - at) + effect.tail * (tail[index] ?? 0);
    const through = lightOf(passShare * inside) * (below[index] ?? 0);
    return (1 - cloth.transmission) * lightOf(around + inside) + cloth.transmission * through;
  });
}

/** What a print, a button or metal throws back; nothing where there is none. */
function trimLight(trim: Trim, driftNm: number): Float64Array {
  if (trim === 'none') return new Float64Array(wavelengthsNm.length);
  const bands = absorbanceOf(trimBands[trim], driftNm);
  return Float64Array.from(bands, (value) => lightOf(trimLevel[trim] + value));
}

/** What comes back from under the lamp, as a share of what a white tile throws back. */
function lightUnderLamp(seed: number, result: NirResult, random: RandomState): Float64Array {
  const { condition } = result;
  const below = beltLight(condition.driftNm, random);
  const pose = poseOf(seed, result.seq, result.index);
  if (pose.covered === 0 || condition.upsets.includes('blank')) return below;
  const cloth = clothOf(seed, result.index, result.fabric);
  const textile = clothLight(seed, result, cloth, pose, below, random);
  const trim = trimLight(pose.trim, condition.driftNm);
  return below.map((belowLight, index) => {
    const covered = (1 - pose.trimShare) * (textile[index] ?? 0) + pose.trimShare * (trim[index] ?? 0);
    return pose.covered * (covered + pose.glare) + (1 - pose.covered) * belowLight;
  });
}

/**
 * The absorbance of one read, at `wavelengthsNm` (186 values), as the station stores it: between `floorAbsorbance` and
 * `ceilingAbsorbance` of the detector, and NaN where a value was lost.
 */
export function spectrumOf(seed: number, result: NirResult): Float32Array {
  const random = seedRandom(seed, spectrumStream, result.seq, result.index);
  return detect(lightUnderLamp(seed, result, random), result.condition, random);
}
