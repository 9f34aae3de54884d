import type { Fibre } from './materials.ts';

/** 940 to 1680 nm, every 4 nm. */
export const wavelengthsNm: readonly number[] = Array.from({ length: 186 }, (_, index) => 940 + 4 * index);

/** One absorption band: centre and half width at 1/√e in nm, height in absorbance. */
export type Band = readonly [centreNm: number, widthNm: number, height: number];

/**
 * Overtones of the bonds that tell fibres apart: C–H second overtones near 1130–1220 nm, C–H combinations near
 * 1360–1420 nm, O–H of cellulose between 1420 and 1640 nm, N–H of wool and polyamide near 1470–1590 nm, aromatic C–H of
 * polyester at 1130, 1412 and 1660 nm.
 *
 * Cotton, flax, polyester, polyamide, wool and acrylic: sums of bands fitted to the mean of a public collection of swatches
 * under one small spectrometer, without its fall above 1650 nm; heights are absorbance, rounded to a thousandth.
 * Assumption: viscose is cotton with a little more absorbance of the looser O–H and less of the bound one.
 * Polypropylene and elastane are synthetic, at the places that the literature assigns to them.
 */
export const fibreBands: Readonly<Record<Fibre, readonly Band[]>> = {
  cotton: [
    [1220, 26, 0.005],
    [1366, 18, 0.009],
    [1418, 10, 0.022],
    [1442, 14, 0.055],
    [1458, 10, 0.007],
    [1474, 14, 0.066],
    [1490, 14, 0.024],
    [1498, 10, 0.026],
    [1514, 14, 0.056],
    [1538, 14, 0.061],
    [1554, 10, 0.021],
    [1562, 10, 0.017],
    [1578, 14, 0.053],
    [1594, 14, 0.023],
    [1610, 14, 0.034],
    [1626, 14, 0.009],
    [1642, 14, 0.025],
    [1666, 10, 0.014],
  ],
  flax: [
    [1214, 26, 0.007],
    [1366, 18, 0.009],
    [1426, 14, 0.033],
    [1450, 14, 0.043],
    [1474, 14, 0.049],
    [1490, 14, 0.041],
    [1498, 10, 0.012],
    [1514, 14, 0.057],
    [1538, 14, 0.052],
    [1546, 10, 0.018],
    [1562, 10, 0.032],
    [1578, 14, 0.041],
    [1594, 14, 0.032],
    [1610, 14, 0.019],
    [1626, 14, 0.015],
    [1642, 14, 0.008],
    [1658, 10, 0.005],
    [1676, 14, 0.006],
  ],
  viscose: [
    [1220, 26, 0.005],
    [1366, 18, 0.009],
    [1417, 10, 0.022],
    [1441, 14, 0.063],
    [1457, 10, 0.008],
    [1473, 14, 0.076],
    [1489, 14, 0.024],
    [1497, 10, 0.026],
    [1513, 14, 0.056],
    [1537, 14, 0.055],
    [1553, 10, 0.019],
    [1561, 10, 0.015],
    [1577, 14, 0.048],
    [1593, 14, 0.021],
    [1609, 14, 0.034],
    [1626, 14, 0.009],
    [1642, 14, 0.025],
    [1666, 10, 0.014],
  ],
  wool: [
    [1186, 16, 0.009],
    [1362, 16, 0.009],
    [1410, 10, 0.017],
    [1426, 14, 0.018],
    [1442, 14, 0.035],
    [1458, 10, 0.01],
    [1474, 14, 0.046],
    [1490, 14, 0.012],
    [1498, 10, 0.028],
    [1514, 14, 0.048],
    [1538, 14, 0.046],
    [1562, 10, 0.019],
    [1578, 14, 0.023],
    [1594, 14, 0.015],
    [1610, 14, 0.012],
    [1626, 14, 0.014],
    [1658, 14, 0.043],
    [1698, 20, 0.066],
  ],
  polyester: [
    [1130, 10, 0.009],
    [1178, 14, 0.006],
    [1362, 14, 0.007],
    [1394, 14, 0.006],
    [1410, 14, 0.004],
    [1426, 14, 0.01],
    [1458, 10, 0.006],
    [1490, 14, 0.004],
    [1522, 14, 0.005],
    [1546, 10, 0.004],
    [1578, 14, 0.008],
    [1610, 14, 0.011],
    [1626, 14, 0.009],
    [1658, 14, 0.073],
    [1666, 10, 0.03],
    [1698, 30, 0.059],
  ],
  polyamide: [
    [1194, 10, 0.013],
    [1210, 14, 0.014],
    [1378, 10, 0.008],
    [1394, 14, 0.016],
    [1410, 10, 0.011],
    [1426, 14, 0.014],
    [1442, 14, 0.017],
    [1474, 14, 0.024],
    [1498, 10, 0.016],
    [1514, 14, 0.026],
    [1538, 14, 0.044],
    [1578, 14, 0.039],
    [1610, 14, 0.045],
    [1642, 14, 0.031],
    [1658, 14, 0.028],
    [1666, 10, 0.03],
  ],
  acrylic: [
    [1178, 14, 0.008],
    [1378, 10, 0.003],
    [1394, 14, 0.003],
    [1410, 10, 0.008],
    [1426, 14, 0.012],
    [1458, 10, 0.003],
    [1474, 14, 0.003],
    [1498, 10, 0.001],
    [1514, 14, 0.002],
    [1538, 14, 0.003],
    [1578, 14, 0.004],
    [1594, 14, 0.001],
    [1610, 14, 0.006],
    [1626, 14, 0.004],
    [1658, 14, 0.025],
    [1698, 30, 0.039],
  ],
  polypropylene: [
    [1152, 14, 0.008],
    [1192, 13, 0.028],
    [1215, 11, 0.015],
    [1394, 15, 0.025],
    [1416, 12, 0.012],
    [1688, 14, 0.045],
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
