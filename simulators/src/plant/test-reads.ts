import { clothOf, type Cloth } from './cloth.ts';
import type { Fabric } from './materials.ts';
import { soundStation, type NirCondition } from './nir-condition.ts';
import { poseOf, type Pose } from './pose.ts';
import { spectrumOf } from './spectrum.ts';
import type { NirResult } from './step-events.ts';

/** A dry garment read by a sound station as number `seq`. */
export function readOf(fabric: Fabric, seq: number, rest: Partial<NirResult> = {}): NirResult {
  return {
    seq,
    atMs: 0,
    lot: seq % 50,
    index: seq,
    fabric,
    massG: 240,
    dampG: 0,
    condition: soundStation,
    called: fabric,
    ...rest,
  };
}

export function conditioned(rest: Partial<NirCondition>): Partial<NirResult> {
  return { condition: { ...soundStation, ...rest } };
}

/** Opaque, neither coated nor black with carbon, lying whole under the lamp with nothing on it. */
export function isPlain(cloth: Cloth, pose: Pose): boolean {
  const ordinary = cloth.thickness === 'opaque' && cloth.coating === 0 && cloth.shade !== 'carbon';
  return ordinary && pose.placement === 'whole' && pose.trim === 'none' && pose.glare === 0;
}

/** Numbers of the first reads whose garment and pose are as wanted; the garment's index is the same number. */
export function findReads(
  seed: number,
  fabric: Fabric,
  count: number,
  wanted: (cloth: Cloth, pose: Pose) => boolean,
): number[] {
  const found: number[] = [];
  for (let seq = 1; found.length < count && seq < 200_000; seq += 1) {
    if (wanted(clothOf(seed, seq, fabric), poseOf(seed, seq, seq))) found.push(seq);
  }
  if (found.length < count) throw new Error(`only ${found.length} reads of ${fabric} are as wanted`);
  return found;
}

/** Spectra of garments and poses as wanted. */
export function spectraOf(
  fabric: Fabric,
  count: number,
  rest: Partial<NirResult> = {},
  wanted: (cloth: Cloth, pose: Pose) => boolean = isPlain,
): Float32Array[] {
  return findReads(7, fabric, count, wanted).map((seq) => spectrumOf(7, readOf(fabric, seq, rest)));
}

export function mean(values: Iterable<number>): number {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

export function spread(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** The value nearest to a wavelength. */
export function at(spectrum: ArrayLike<number>, nm: number): number {
  return spectrum[Math.round((nm - 940) / 4)] ?? Number.NaN;
}

/** How far a spectrum rises at a wavelength above the straight line between two others. */
export function rise(spectrum: ArrayLike<number>, fromNm: number, peakNm: number, toNm: number): number {
  const share = (peakNm - fromNm) / (toNm - fromNm);
  return at(spectrum, peakNm) - (1 - share) * at(spectrum, fromNm) - share * at(spectrum, toNm);
}

/** Noise of one value: what the fourth difference has of it. */
export function noiseOf(spectrum: ArrayLike<number>): number {
  const value = (index: number): number => spectrum[index] ?? 0;
  const squares = Array.from({ length: spectrum.length - 4 }, (_, i) => {
    const bend = value(i) - 4 * value(i + 1) + 6 * value(i + 2) - 4 * value(i + 3) + value(i + 4);
    return bend * bend;
  });
  return Math.sqrt(mean(squares) / 70);
}

/** Values of the longest run of equal neighbours. */
export function longestRun(spectrum: ArrayLike<number>): number {
  let [longest, run] = [1, 1];
  for (let index = 1; index < spectrum.length; index += 1) {
    run = spectrum[index] === spectrum[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** How high the hump of cellulose stands, on average. */
export function humpOf(spectra: readonly ArrayLike<number>[]): number {
  return mean(spectra.map((each) => at(each, 1_492) - at(each, 1_300)));
}

/** How high the peak of polyester stands, on average. */
export function polyesterPeakOf(spectra: readonly ArrayLike<number>[]): number {
  return mean(spectra.map((each) => rise(each, 1_624, 1_660, 1_680)));
}

/** How much water near 1450 nm is seen, on average. */
export function waterOf(spectra: readonly ArrayLike<number>[]): number {
  return mean(spectra.map((each) => rise(each, 1_280, 1_450, 1_620)));
}
