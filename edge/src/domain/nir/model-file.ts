/**
 * A model as it lies in a file: what was fitted, to which instrument, from what, and how well it does. It holds
 * coefficients and figures, never a spectrum. Wavelengths are in nm, shares from 0 to 1, points in % of the dry mass.
 */
import { Type, type Static } from 'typebox';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import { closed, literals, nullable } from '@trame/protocol/schema';

const Name = Type.String({ minLength: 1, maxLength: 80 });
const Text = Type.String({ maxLength: 1000 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Points = Type.Number({ minimum: 0, maximum: 100 });
const Count = Type.Integer({ minimum: 0 });
const Positive = Type.Number({ exclusiveMinimum: 0 });
const Shape = Type.Array(Type.Number(), { minItems: 5, maxItems: 2048 });
const Fibre = literals(RECOGNISED_FIBRES);
const ByName = <T extends ReturnType<typeof Type.Number>>(value: T) => Type.Record(Name, value);

const Grid = Type.Object(
  { from: Positive, step: Positive, count: Type.Integer({ minimum: 8, maximum: 2048 }) },
  closed,
);

const Pretreatment = Type.Object(
  {
    savitzkyGolay: Type.Object(
      {
        /** Points. */
        window: Type.Integer({ minimum: 5, maximum: 61 }),
        polynomial: Type.Literal(2),
        derivative: Type.Literal(2),
      },
      closed,
    ),
    /** First and last wavelength of the shape. */
    channels: Type.Tuple([Positive, Positive]),
    scale: Type.Literal('snv'),
  },
  closed,
);

/** When a spectrum is not looked at any further. */
const Gate = Type.Object(
  {
    /** Mean absorbance above which the sensor mostly saw nothing, or its own background. */
    meanMax: Type.Number({ minimum: 0, maximum: 6 }),
    /** Least distance of the highest from the lowest absorbance. */
    rangeMin: Type.Number({ minimum: 0, maximum: 6 }),
    /** Points of the grid in a row that may have one and the same value: more is a detector at its limit. */
    equalRunMax: Type.Integer({ minimum: 1, maximum: 2048 }),
  },
  closed,
);

const TRANSFERRED = {
  /** Checksum of the model of the instrument that the shapes and the figures come from. */
  from: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Measured on both instruments. */
  swatches: Type.Array(Name, { minItems: 1, maxItems: 100 }),
  /** A swatch that was measured on both, and left out of the fit. */
  verified: Type.Object({ sample: Name, n: Count, right: Count }, closed),
};
/** From the instrument named in the file to the one that the shapes come from. */
const Transfer = Type.Union([
  Type.Object(
    { kind: Type.Literal('offset-slope'), offset: Type.Number(), slope: Positive, ...TRANSFERRED },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('pds'),
      /** For each channel, weights of the channels around it. */
      weights: Type.Array(Type.Array(Type.Number(), { minItems: 1, maxItems: 21 }), { maxItems: 2048 }),
      ...TRANSFERRED,
    },
    closed,
  ),
]);

const Provenance = Type.Object(
  {
    /** UTC. */
    trainedAt: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z$' }),
    program: Text,
    command: Text,
    seed: nullable(Count),
    files: Type.Array(
      Type.Object({ name: Name, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }), rows: Count }, closed),
      { maxItems: 1000 },
    ),
    /** Physical swatches by material. */
    swatches: ByName(Type.Number()),
    /** Kept out of the shapes, with the reason. */
    excluded: Type.Array(Type.Object({ sample: Name, reason: Text }, closed), { maxItems: 1000 }),
    licence: Text,
  },
  closed,
);

const Envelope = {
  format: Type.Literal('trame-nir-model'),
  version: Type.Literal(1),
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,79}$' }),
  instrument: Type.Object(
    {
      maker: Text,
      /** As spectra name it. */
      type: Name,
      serial: nullable(Name),
      /** Values of the column `dataset` that are of this instrument. */
      dataset: Type.Array(Name, { maxItems: 100 }),
    },
    closed,
  ),
  input: Type.Object({ quantity: Type.Literal('absorbance'), grid: Grid }, closed),
  pretreatment: Pretreatment,
  gate: Gate,
  transfer: nullable(Transfer),
  provenance: Provenance,
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
};

const Known = Type.Object({ n: Count, refused: Count, right: Count }, closed);
const Blends = Type.Object({ n: Count, calledPure: Count, rmsePoints: nullable(Points) }, closed);
/** Counted as `model evaluate` counts. */
export const Tally = Type.Object(
  { known: Known, unknown: Type.Object({ n: Count, refused: Count }, closed), blends: Blends },
  closed,
);
export type Tally = Static<typeof Tally>;

export const ATOM_ROLES = ['fibre', 'other', 'background', 'water'] as const;
const Atom = Type.Object(
  {
    id: Name,
    /** `fibre`: may be named. `other`: known, refused. `background`, `water`: taken away. */
    role: literals(ATOM_ROLES),
    /** What it is called in a verdict; null for what is no fibre. */
    fibre: nullable(Fibre),
    /** How strongly a mass of it absorbs, against the others. */
    amplitude: Positive,
    /** Mean unit shape of its swatches, of length 1. */
    shape: Shape,
  },
  closed,
);
export type Atom = Static<typeof Atom>;

/** What is said of the chance to be right. */
const Probability = Type.Object(
  {
    kind: Type.Literal('platt'),
    /** 1 / (1 + e^−(a + b·purity)). */
    a: Type.Number(),
    b: Type.Number(),
    clip: Type.Tuple([Share, Share]),
    /** The trials it holds for. */
    given: Text,
  },
  closed,
);

const CalibrationBin = Type.Object(
  { from: Share, to: Share, n: Count, said: nullable(Share), was: nullable(Share) },
  closed,
);
export type CalibrationBin = Static<typeof CalibrationBin>;

export const UnmixingFile = Type.Object(
  {
    ...Envelope,
    kind: Type.Literal('unmixing'),
    atoms: Type.Array(Atom, { minItems: 1, maxItems: 32 }),
    limits: Type.Object(
      {
        /** Share of the background in the signal. */
        background: Share,
        /** Length of what no mixture of the shapes explains; a whole shape has 1. */
        residual: Share,
        /** Share of the largest fibre among the fibres, by fibre. */
        purity: ByName(Share),
        /** Points of another fibre from which a fibre is no longer called pure. */
        guard: Type.Record(Name, ByName(Points)),
      },
      closed,
    ),
    probability: Probability,
    /** Standard error of a share, points, by points of all but the largest fibre; straight lines between. */
    error: Type.Object(
      { massPoints: Type.Array(Type.Tuple([Points, Points]), { minItems: 1, maxItems: 50 }) },
      closed,
    ),
    figures: Type.Object(
      {
        method: Type.Literal('leave-swatch-out'),
        /** Without the swatches that are kept out of the shapes. */
        withoutExcluded: Tally,
        /** With them, judged by a model that does not know them either. */
        withExcluded: Tally,
        /** Known spectra refused, by reason. */
        refusals: ByName(Type.Number()),
        calibration: nullable(
          Type.Object({ brier: Share, bins: Type.Array(CalibrationBin, { maxItems: 20 }) }, closed),
        ),
      },
      closed,
    ),
  },
  closed,
);
export type UnmixingFile = Static<typeof UnmixingFile>;

export const RatioFile = Type.Object(
  {
    ...Envelope,
    kind: Type.Literal('ratio'),
    /** Whose share is measured, and what the rest is. */
    of: Fibre,
    rest: Fibre,
    /** Share of `of` in points = intercept + coefficients · (shape − mean). */
    mean: Shape,
    coefficients: Shape,
    intercept: Type.Number(),
    /** Points that it was fitted for. */
    range: Type.Tuple([Points, Points]),
    rmse: Points,
    /** Directions in which the fitted shapes differ; what lies outside is the residual. */
    loadings: Type.Array(Shape, { minItems: 1, maxItems: 10 }),
    limits: Type.Object({ residual: Share }, closed),
    figures: Type.Object(
      {
        method: Type.Literal('leave-fabric-out'),
        n: Count,
        fabrics: Count,
        rmsePoints: Points,
        /** Of the mean of each fabric's squared errors, so that a fabric with many reads weighs as one. */
        rmseByFabricPoints: Points,
        worstPoints: Points,
        withinTwoRmsePercent: Points,
        refused: Count,
        /** Largest residual of a fabric that was left out. */
        residualMax: Share,
      },
      closed,
    ),
  },
  closed,
);
export type RatioFile = Static<typeof RatioFile>;

/** Of a model that was held against nothing yet. */
export const NO_RATIO_FIGURES: RatioFile['figures'] = {
  method: 'leave-fabric-out',
  n: 0,
  fabrics: 0,
  rmsePoints: 0,
  rmseByFabricPoints: 0,
  worstPoints: 0,
  withinTwoRmsePercent: 0,
  refused: 0,
  residualMax: 0,
};

export const ModelFile = Type.Union([UnmixingFile, RatioFile]);
export type ModelFile = UnmixingFile | RatioFile;
