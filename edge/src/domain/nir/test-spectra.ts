/** Cloth that nobody wove: bands at known places, so that what a model says can be held against the truth. */
import { createHash } from 'node:crypto';
import { NO_RATIO_FIGURES, type Atom, type RatioFile, type UnmixingFile } from './model-file.ts';
import {
  openModel,
  pretreatmentOf,
  sealModel,
  type NirModel,
  type RatioModel,
  type UnmixingModel,
} from './open-model.ts';
import type { RegularGrid, Spectrum } from './spectrum.ts';
import { dot, unitShape } from './unit-shape.ts';

export const GRID: RegularGrid = { from: 940, step: 4, count: 186 };
const READING = {
  input: { quantity: 'absorbance' as const, grid: { ...GRID } },
  pretreatment: {
    savitzkyGolay: { window: 13, polynomial: 2 as const, derivative: 2 as const },
    channels: [1100, 1656] as [number, number],
    scale: 'snv' as const,
  },
  transfer: null,
};

type Band = readonly [centreNm: number, widthNm: number, height: number];
/** `polypropylene` is in no model. */
export const BANDS = {
  cotton: [
    [1220, 26, 0.06],
    [1368, 24, 0.08],
    [1480, 40, 0.3],
    [1590, 36, 0.2],
  ],
  polyester: [
    [1130, 18, 0.11],
    [1415, 18, 0.1],
    [1640, 22, 0.29],
  ],
  nylon: [
    [1194, 22, 0.13],
    [1416, 22, 0.08],
    [1532, 34, 0.25],
  ],
  wool: [
    [1188, 28, 0.09],
    [1502, 30, 0.28],
    [1576, 24, 0.1],
  ],
  polypropylene: [
    [1165, 12, 0.16],
    [1340, 12, 0.12],
    [1470, 12, 0.14],
  ],
  belt: [
    [1250, 60, 0.3],
    [1550, 60, 0.4],
  ],
  water: [
    [1450, 45, 1],
    [1150, 20, 0.2],
  ],
} as const satisfies Record<string, readonly Band[]>;
export type Material = keyof typeof BANDS;

export function absorbanceAt(nm: number, material: Material): number {
  return BANDS[material].reduce(
    (sum, [centre, width, height]) => sum + height * Math.exp(-0.5 * ((nm - centre) / width) ** 2),
    0,
  );
}

export interface Cloth {
  /** Shares of materials, added in absorbance. */
  readonly of: Readonly<Partial<Record<Material, number>>>;
  readonly gain?: number;
  readonly offset?: number;
  /** Absorbance from one end of the grid to the other. */
  readonly slope?: number;
  /** Height of the band at 1450 nm. */
  readonly water?: number;
  /** One value per point, of the size of `noiseHeight`. */
  readonly noise?: readonly number[];
}

export function absorbance({ of, gain = 1, offset = 0.2, slope = 0, water = 0, noise = [] }: Cloth) {
  return (nm: number, index: number): number =>
    offset +
    (slope * (nm - 940)) / 740 +
    // Bent a little, so that no two points are alike: a parabola has no shape.
    0.02 * ((nm - 940) / 740) ** 2 +
    gain *
      (Object.entries(of) as [Material, number][]).reduce(
        (sum, [id, share]) => sum + share * absorbanceAt(nm, id),
        0,
      ) +
    water * absorbanceAt(nm, 'water') +
    (noise[index] ?? 0);
}

/** On the model's grid unless wavelengths are given. */
export function spectrum(cloth: Cloth, wavelengthsNm: Spectrum['wavelengthsNm'] = GRID): Spectrum {
  const nm =
    'count' in wavelengthsNm
      ? Array.from({ length: wavelengthsNm.count }, (_, i) => wavelengthsNm.from + i * wavelengthsNm.step)
      : Array.from(wavelengthsNm);
  return { quantity: 'absorbance', wavelengthsNm, values: nm.map(absorbance(cloth)), instrument: null };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function shapeOf(cloth: Cloth) {
  return unitShape(spectrum(cloth).values, pretreatmentOf(READING));
}

const PROVENANCE: UnmixingFile['provenance'] = {
  trainedAt: '2026-01-01T00:00:00Z',
  program: 'test',
  command: 'none',
  seed: null,
  files: [],
  swatches: {},
  excluded: [],
  licence: 'none',
};
const NO_TALLY = {
  known: { n: 0, refused: 0, right: 0 },
  unknown: { n: 0, refused: 0 },
  blends: { n: 0, calledPure: 0, rmsePoints: null },
};

function strength(material: Material): number {
  return shapeOf({ of: { [material]: 1 } }).amplitude;
}

function atom(id: Material, role: Atom['role'], fibre: Atom['fibre']): Atom {
  return {
    id,
    role,
    fibre,
    amplitude: fibre === null ? 1 : strength(id) / strength('cotton'),
    shape: [...shapeOf({ of: { [id]: 1 } }).shape],
  };
}

export function unmixingFile(): UnmixingFile {
  return sealModel<UnmixingFile>(
    {
      ...READING,
      format: 'trame-nir-model',
      version: 1,
      id: 'test',
      kind: 'unmixing',
      instrument: { maker: 'none', type: 'Test', serial: null, dataset: ['T'] },
      gate: { meanMax: 1.05, rangeMin: 0.02, equalRunMax: 7 },
      atoms: [
        atom('cotton', 'fibre', 'cellulosic'),
        atom('polyester', 'fibre', 'polyester'),
        atom('nylon', 'fibre', 'polyamide'),
        atom('wool', 'other', 'wool'),
        atom('belt', 'background', null),
        atom('water', 'water', null),
      ],
      limits: {
        background: 0.6,
        residual: 0.4,
        purity: { cotton: 0.75, polyester: 0.86, nylon: 0.8 },
        guard: { cotton: { polyester: 5 }, polyester: { cotton: 6, wool: 12 } },
      },
      probability: { kind: 'platt', a: -20.6, b: 25.3, clip: [0.01, 0.99], given: 'a test' },
      error: {
        massPoints: [
          [0, 2],
          [10, 5],
          [20, 8],
          [40, 10],
        ],
      },
      provenance: PROVENANCE,
      figures: {
        method: 'leave-swatch-out',
        withoutExcluded: NO_TALLY,
        withExcluded: NO_TALLY,
        refusals: {},
        calibration: null,
      },
    },
    sha256,
  );
}

export function unmixingModel(change: (file: UnmixingFile) => object = (file) => file): UnmixingModel {
  const model = opened(change(unmixingFile()));
  if (model.kind !== 'unmixing') throw new Error('another kind of model');
  return model;
}

function blendShape(cotton: number): Float64Array {
  return shapeOf({ of: { cotton: cotton / 100, polyester: 1 - cotton / 100 } }).shape;
}

/** Cotton in cotton and polyester, 30 to 50 %, along the line between the two shapes. */
export function ratioModel(): RatioModel {
  const [low, mean, high] = [blendShape(30), blendShape(40), blendShape(50)];
  const way = high.map((value, i) => value - (low[i] ?? 0));
  const squares = dot(way, way);
  const file: Omit<RatioFile, 'sha256'> = {
    ...READING,
    format: 'trame-nir-model',
    version: 1,
    id: 'test-ratio',
    kind: 'ratio',
    instrument: { maker: 'none', type: 'Test', serial: null, dataset: ['R'] },
    gate: { meanMax: 1.05, rangeMin: 0.02, equalRunMax: 7 },
    of: 'cellulosic',
    rest: 'polyester',
    mean: [...mean],
    coefficients: Array.from(way, (value) => (20 * value) / squares),
    intercept: 40,
    range: [30, 50],
    rmse: 3,
    loadings: [Array.from(way, (value) => value / Math.sqrt(squares))],
    limits: { residual: 0.2 },
    provenance: PROVENANCE,
    figures: NO_RATIO_FIGURES,
  };
  const model = opened(file);
  if (model.kind !== 'ratio') throw new Error('another kind of model');
  return model;
}

/** Sealed again after a change. */
export function sealed(content: object): string {
  const { sha256: _old, ...rest } = content as UnmixingFile;
  return JSON.stringify(sealModel<UnmixingFile>(rest, sha256));
}

function opened(content: object): NirModel {
  const result = openModel(sealed(content), sha256);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.model;
}
