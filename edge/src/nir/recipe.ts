/**
 * How models are fitted when nothing else is said. The limits were set on swatches that were left out one by one, on
 * one instrument; `model train` prints what they cost on others.
 */
import type { ModelFile, RatioFile, UnmixingFile } from '../domain/nir/model-file.ts';
import type { RegularGrid } from '../domain/nir/spectrum.ts';

export const GRID: RegularGrid = { from: 940, step: 4, count: 186 };

/** More than 0.9 of mean absorbance: the sensor mostly saw the background; judged, but not learnt from. */
export const LEARN_MEAN_MAX = 0.9;
/** A material with fewer swatches is known, and never named. */
export const LEAST_SWATCHES = 2;

export const GATE: ModelFile['gate'] = { meanMax: 1.05, rangeMin: 0.02, equalRunMax: 7 };

/**
 * 13 points are 52 nm. From 1668 nm on the instrument rolls off, so shapes end at 1656; ending at 1648 would lose the
 * aromatic band of polyester.
 */
export const UNMIXING_PRETREATMENT: ModelFile['pretreatment'] = {
  savitzkyGolay: { window: 13, polynomial: 2, derivative: 2 },
  channels: [1100, 1656],
  scale: 'snv',
};
export const RATIO_PRETREATMENT: ModelFile['pretreatment'] = {
  savitzkyGolay: { window: 21, polynomial: 2, derivative: 2 },
  channels: [1100, 1636],
  scale: 'snv',
};

/** Bands of water: centre and width at 1/√e, nm. */
export const WATER_BANDS = [
  { id: 'water-1450', centreNm: 1450, widthNm: 45 },
  { id: 'water-1150', centreNm: 1150, widthNm: 20 },
] as const;

/** Least purity of a fibre that is not in the table: the strictest of those that were tried. */
export const DEFAULT_PURITY = 0.86;
export const LIMITS: UnmixingFile['limits'] = {
  background: 0.6,
  residual: 0.4,
  purity: { cotton: 0.75, nylon: 0.8, polyester: 0.86 },
  guard: { cotton: { polyester: 5 }, polyester: { cotton: 6, wool: 12 } },
};

/** Before anything was fitted to trials. */
export const PROBABILITY: UnmixingFile['probability'] = {
  kind: 'platt',
  a: -20.6,
  b: 25.3,
  clip: [0.01, 0.99],
  given: 'not fitted here: too few swatches; the numbers of the first instrument',
};

/** Standard deviation of the share of polyester in mixes of swatches that were left out. */
export const MASS_ERROR: UnmixingFile['error'] = {
  massPoints: [
    [0, 2],
    [10, 5],
    [20, 8],
    [40, 10],
  ],
};

/** Left-out fabrics reach 0.116; water or a shifted axis that moves the ratio by two points goes beyond. */
export const RATIO_LIMITS: RatioFile['limits'] = { residual: 0.12 };
export const RATIO_LOADINGS = 2;
