import { fabrics, type Fibre } from './materials.ts';
import type { NirResult } from './plant-state.ts';
import { between, normal, seedRandom } from './random.ts';

/** 940 to 1680 nm, every 4 nm. */
export const wavelengthsNm: readonly number[] = Array.from({ length: 186 }, (_, index) => 940 + 4 * index);

/** One absorption band: centre and half width at 1/√e in nm, height in absorbance. */
type Band = readonly [centreNm: number, widthNm: number, height: number];

/**
 * Overtones of the bonds that tell fibres apart: C–H second overtones near 1130–1220 nm, C–H combinations
 * near 1360–1420 nm, O–H of cellulose and its water near 1450–1590 nm, N–H of wool and polyamide near
 * 1500–1530 nm, aromatic C–H of polyester at 1130, 1415 and 1660 nm. Heights are synthetic.
 */
const bands: Readonly<Record<Fibre, readonly Band[]>> = {
  cotton: [
    [1220, 34, 0.06],
    [1368, 26, 0.07],
    [1480, 62, 0.3],
    [1590, 42, 0.19],
  ],
  flax: [
    [1212, 36, 0.065],
    [1366, 28, 0.07],
    [1470, 64, 0.31],
    [1575, 44, 0.21],
    [1672, 30, 0.06],
  ],
  viscose: [
    [1218, 34, 0.055],
    [1366, 26, 0.06],
    [1462, 68, 0.36],
    [1570, 40, 0.14],
  ],
  wool: [
    [1188, 28, 0.09],
    [1360, 24, 0.05],
    [1502, 52, 0.25],
    [1576, 30, 0.08],
    [1690, 24, 0.12],
  ],
  polyester: [
    [1130, 16, 0.11],
    [1175, 16, 0.04],
    [1382, 14, 0.03],
    [1415, 13, 0.08],
    [1661, 15, 0.29],
  ],
  polyamide: [
    [1194, 22, 0.13],
    [1392, 22, 0.07],
    [1416, 16, 0.08],
    [1532, 44, 0.21],
    [1698, 20, 0.18],
  ],
  acrylic: [
    [1156, 18, 0.07],
    [1380, 18, 0.03],
    [1432, 24, 0.06],
    [1676, 16, 0.17],
  ],
  polypropylene: [
    [1152, 14, 0.06],
    [1192, 15, 0.17],
    [1215, 12, 0.09],
    [1394, 16, 0.13],
    [1688, 14, 0.19],
  ],
  elastane: [
    [1192, 22, 0.12],
    [1410, 22, 0.1],
    [1520, 34, 0.11],
    [1694, 20, 0.16],
  ],
};

const spectrumStream = 0x51c;
const cleanNoise = 0.0012;
const dirtyNoise = 0.009;

function pureSpectrum(fibre: Fibre): Float64Array {
  return Float64Array.from(wavelengthsNm, (nm) =>
    bands[fibre].reduce(
      (sum, [centre, width, height]) => sum + height * Math.exp(-0.5 * ((nm - centre) / width) ** 2),
      0,
    ),
  );
}

const pure = new Map<Fibre, Float64Array>();

function pureOf(fibre: Fibre): Float64Array {
  const known = pure.get(fibre);
  if (known !== undefined) return known;
  const made = pureSpectrum(fibre);
  pure.set(fibre, made);
  return made;
}

/**
 * The absorbance spectrum of one read, at `wavelengthsNm`. A pure function of the plant's seed and the
 * result: the fibres' bands in their shares, scatter of the cloth (gain, offset, slope), the water in it,
 * sensor noise, and with a dirty lens a grey veil.
 */
export function spectrumOf(seed: number, result: NirResult): Float32Array {
  const random = seedRandom(seed, spectrumStream, result.seq, result.index);
  const gain = between(random, 0.75, 1.3) * (result.dirty ? 0.55 : 1);
  const offset = between(random, 0.22, 0.42) + (result.dirty ? 0.35 : 0);
  const slope = between(random, -0.06, 0.1);
  const water = between(random, 0.005, 0.03);
  const noise = result.dirty ? dirtyNoise : cleanNoise;
  const shares = Object.entries(fabrics[result.fabric]) as [Fibre, number][];
  const spectrum = new Float32Array(wavelengthsNm.length);
  for (const [index, nm] of wavelengthsNm.entries()) {
    const fibre = shares.reduce((sum, [id, share]) => sum + share * (pureOf(id)[index] ?? 0), 0);
    const moist = water * Math.exp(-0.5 * ((nm - 1448) / 38) ** 2);
    const tilt = slope * ((nm - 940) / 740);
    spectrum[index] = offset + tilt + gain * (fibre + moist) + noise * normal(random);
  }
  return spectrum;
}
