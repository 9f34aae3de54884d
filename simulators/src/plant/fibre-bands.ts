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
 * under one small spectrometer, without its fall above 1650 nm; heights are absorbance.
 * Assumption: viscose is cotton with a little more absorbance of the looser O–H and less of the bound one.
 * Polypropylene and elastane are synthetic, at the places that the literature assigns to them.
 */
export const fibreBands: Readonly<Record<Fibre, readonly Band[]>> = {
  cotton: [
    [1214, 30, 0.0075],
    [1266, 9, 0.0031],
    [1338, 22, 0.003],
    [1366, 12, 0.0075],
    [1430, 12, 0.0127],
    [1450, 44, 0.0406],
    [1482, 22, 0.0077],
    [1494, 9, 0.0021],
    [1518, 60, 0.0959],
    [1538, 9, 0.0024],
    [1554, 16, 0.0092],
    [1590, 16, 0.0166],
    [1622, 44, 0.052],
    [1666, 16, 0.0101],
  ],
  flax: [
    [1178, 9, 0.0013],
    [1214, 22, 0.0039],
    [1230, 44, 0.0059],
    [1270, 9, 0.0031],
    [1342, 30, 0.0044],
    [1366, 12, 0.0073],
    [1430, 12, 0.0105],
    [1454, 44, 0.0424],
    [1486, 12, 0.0068],
    [1522, 60, 0.0965],
    [1550, 12, 0.0066],
    [1590, 16, 0.0147],
    [1618, 44, 0.0446],
    [1694, 30, 0.0217],
  ],
  viscose: [
    [1214, 30, 0.0086],
    [1266, 9, 0.0036],
    [1338, 22, 0.0034],
    [1366, 12, 0.0086],
    [1430, 12, 0.0159],
    [1450, 44, 0.0507],
    [1482, 22, 0.0096],
    [1494, 9, 0.0021],
    [1518, 60, 0.0959],
    [1538, 9, 0.0024],
    [1554, 16, 0.0092],
    [1590, 16, 0.0124],
    [1622, 44, 0.052],
    [1666, 16, 0.0101],
  ],
  wool: [
    [1130, 9, 0.0029],
    [1182, 12, 0.0054],
    [1182, 30, 0.0055],
    [1358, 9, 0.0022],
    [1370, 30, 0.0085],
    [1426, 22, 0.0355],
    [1458, 9, 0.0071],
    [1498, 22, 0.0084],
    [1510, 60, 0.0985],
    [1574, 9, 0.0035],
    [1602, 22, 0.0323],
    [1626, 9, 0.0069],
    [1658, 16, 0.0193],
    [1678, 30, 0.0773],
  ],
  polyester: [
    [1106, 44, 0.0049],
    [1126, 9, 0.0104],
    [1138, 9, 0.0025],
    [1170, 16, 0.0071],
    [1314, 9, 0.0016],
    [1358, 9, 0.0032],
    [1414, 44, 0.0124],
    [1418, 12, 0.0035],
    [1530, 44, 0.0054],
    [1586, 9, 0.0032],
    [1618, 9, 0.007],
    [1634, 30, 0.011],
    [1654, 9, 0.0136],
    [1666, 16, 0.107],
  ],
  polyamide: [
    [1190, 22, 0.0103],
    [1202, 16, 0.0193],
    [1258, 60, 0.0077],
    [1382, 9, 0.0054],
    [1410, 30, 0.0282],
    [1470, 44, 0.0109],
    [1502, 9, 0.0043],
    [1514, 9, 0.0047],
    [1530, 9, 0.0122],
    [1534, 60, 0.0444],
    [1538, 9, 0.0117],
    [1578, 9, 0.0043],
    [1614, 30, 0.0296],
    [1658, 9, 0.0426],
  ],
  acrylic: [
    [1106, 60, 0.0076],
    [1126, 9, 0.0019],
    [1182, 12, 0.009],
    [1214, 9, 0.0019],
    [1266, 9, 0.0015],
    [1378, 16, 0.0064],
    [1406, 9, 0.0017],
    [1418, 16, 0.0165],
    [1462, 12, 0.0032],
    [1470, 60, 0.0064],
    [1526, 16, 0.0016],
    [1602, 16, 0.002],
    [1666, 16, 0.03],
    [1670, 60, 0.0115],
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
