import type { Fibre } from './materials.ts';

/** 940 to 1680 nm, every 4 nm. */
export const wavelengthsNm: readonly number[] = Array.from({ length: 186 }, (_, index) => 940 + 4 * index);

/** One absorption band: centre and half width at 1/√e in nm, height in absorbance. */
export type Band = readonly [centreNm: number, widthNm: number, height: number];

/**
 * Overtones of the bonds that tell fibres apart: C–H second overtones near 1130–1220 nm, C–H combinations near
 * 1360–1420 nm, O–H of cellulose between 1420 and 1640 nm, N–H of wool and polyamide near 1470–1590 nm, aromatic C–H of
 * polyester at 1130, 1412 and 1660 nm. Heights are synthetic. Assumption: those of cotton, polyester, polyamide, wool
 * and acrylic are of the size that small NIR spectrometers see on cloth (0.01 to 0.12); flax and viscose are held to
 * differ from cotton by a few thousandths, polypropylene and elastane follow published assignments.
 */
export const fibreBands: Readonly<Record<Fibre, readonly Band[]>> = {
  cotton: [
    [1220, 26, 0.005],
    [1366, 20, 0.01],
    [1424, 24, 0.056],
    [1490, 34, 0.109],
    [1540, 30, 0.054],
    [1588, 26, 0.078],
    [1635, 26, 0.049],
  ],
  flax: [
    [1212, 26, 0.008],
    [1366, 22, 0.011],
    [1424, 24, 0.062],
    [1480, 34, 0.106],
    [1532, 30, 0.066],
    [1580, 28, 0.07],
    [1635, 24, 0.046],
    [1674, 14, 0.024],
  ],
  viscose: [
    [1220, 26, 0.005],
    [1366, 24, 0.009],
    [1430, 28, 0.085],
    [1472, 34, 0.112],
    [1524, 36, 0.07],
    [1576, 30, 0.052],
    [1632, 30, 0.034],
  ],
  wool: [
    [1186, 16, 0.009],
    [1362, 18, 0.01],
    [1392, 18, 0.016],
    [1428, 22, 0.056],
    [1464, 24, 0.054],
    [1504, 24, 0.078],
    [1546, 26, 0.059],
    [1588, 24, 0.046],
    [1630, 22, 0.048],
    [1654, 11, 0.03],
    [1678, 18, 0.062],
  ],
  polyester: [
    [1130, 9, 0.01],
    [1172, 12, 0.002],
    [1382, 15, 0.007],
    [1412, 13, 0.01],
    [1440, 24, 0.008],
    [1600, 24, 0.01],
    [1634, 12, 0.018],
    [1660, 11, 0.096],
    [1684, 16, 0.03],
  ],
  polyamide: [
    [1170, 12, 0.004],
    [1194, 11, 0.022],
    [1211, 11, 0.018],
    [1388, 12, 0.012],
    [1414, 15, 0.024],
    [1444, 20, 0.018],
    [1482, 24, 0.027],
    [1512, 16, 0.018],
    [1537, 13, 0.046],
    [1572, 16, 0.026],
    [1600, 15, 0.03],
    [1640, 20, 0.02],
    [1698, 18, 0.055],
  ],
  acrylic: [
    [1176, 12, 0.006],
    [1376, 16, 0.004],
    [1394, 14, 0.006],
    [1416, 11, 0.015],
    [1444, 24, 0.01],
    [1580, 22, 0.008],
    [1624, 18, 0.009],
    [1653, 10, 0.032],
    [1682, 12, 0.022],
  ],
  polypropylene: [
    [1152, 14, 0.012],
    [1192, 13, 0.045],
    [1215, 11, 0.024],
    [1394, 15, 0.04],
    [1416, 12, 0.018],
    [1688, 14, 0.07],
  ],
  elastane: [
    [1192, 20, 0.022],
    [1412, 20, 0.022],
    [1505, 24, 0.02],
    [1540, 28, 0.018],
    [1664, 12, 0.02],
    [1694, 18, 0.05],
  ],
};

/** The belt under the cloth: dark PVC. Its level says how little light comes back from it. */
export const belt = {
  level: { low: 1.33, high: 1.44 },
  slope: 0.02,
  bands: [
    [1428, 22, 0.006],
    [1560, 60, 0.017],
    [1630, 26, 0.016],
  ] satisfies readonly Band[],
};

/** A print of plasticised PVC, as on shirts. */
export const printBands: readonly Band[] = [
  [1192, 16, 0.03],
  [1216, 14, 0.018],
  [1396, 16, 0.024],
  [1428, 18, 0.02],
  [1690, 18, 0.06],
];

/** Dyes absorb in the visible; the tail of dark ones reaches the shortest wavelengths. */
export const dyeTail: readonly Band[] = [[900, 70, 1]];

const atRest = new WeakMap<readonly Band[], Float64Array>();

function evaluate(bands: readonly Band[], driftNm: number): Float64Array {
  return Float64Array.from(wavelengthsNm, (nm) =>
    bands.reduce(
      (sum, [centre, width, height]) =>
        sum + height * Math.exp(-0.5 * ((nm - driftNm - centre) / width) ** 2),
      0,
    ),
  );
}

/** Absorbance of bands at `wavelengthsNm`, on an axis on which everything appears `driftNm` too far up. */
export function absorbanceOf(bands: readonly Band[], driftNm: number): Float64Array {
  if (driftNm !== 0) return evaluate(bands, driftNm);
  const known = atRest.get(bands);
  if (known !== undefined) return known;
  const made = evaluate(bands, 0);
  atRest.set(bands, made);
  return made;
}
