/** What a spectrum says about the cloth that gave it. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { RECOGNISED_FIBRES } from './fibre-names.ts';

/**
 * Why no fibre is named. Bad input: `not-a-number`, `wrong-length`, `wrong-grid`, `wrong-quantity`, `flat`, `saturated`.
 * `background`: the sensor mostly saw what lies behind the cloth. `distance`: nothing known looks like it. `other-fibre`:
 * known, and not one that the model may name. `blend`: more than one fibre. `out-of-range`: of a ratio that the model was
 * not fitted for. `wrong-instrument`: the model was made for another. `no-model`: none could be loaded.
 */
export const FIBRE_REFUSALS = [
  'not-a-number',
  'wrong-length',
  'wrong-grid',
  'wrong-quantity',
  'flat',
  'saturated',
  'background',
  'distance',
  'other-fibre',
  'blend',
  'out-of-range',
  'wrong-instrument',
  'no-model',
] as const;
export type FibreRefusal = (typeof FIBRE_REFUSALS)[number];

/** One gate that a spectrum went through, in order; the first that is not passed refuses. */
export const GateResult = Type.Object(
  {
    gate: literals(FIBRE_REFUSALS),
    passed: Type.Boolean(),
    /** What was measured and what it was held against; null where there is no such number. */
    measured: nullable(Type.Number()),
    limit: nullable(Type.Number()),
  },
  closed,
);
export type GateResult = Static<typeof GateResult>;

export const FibreShare = Type.Object(
  {
    fibre: literals(RECOGNISED_FIBRES),
    /** Of the dry mass, %. */
    percent: Type.Number({ minimum: 0, maximum: 100 }),
  },
  closed,
);
export type FibreShare = Static<typeof FibreShare>;

export const ModelRef = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 80 }),
    /** SHA-256 of the model's canonical JSON without this member. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  closed,
);
export type ModelRef = Static<typeof ModelRef>;

export const FibreVerdict = Type.Object(
  {
    /** Named only when {@link FibreVerdict.refusal} is null. */
    fibre: nullable(literals(RECOGNISED_FIBRES)),
    refusal: nullable(literals(FIBRE_REFUSALS)),
    /** That the named, or most likely, fibre is right and pure, 0…1, given the trials that the model was calibrated on. */
    probability: nullable(Type.Number({ minimum: 0, maximum: 1 })),
    /** Adds up to 100; empty where nothing can be said. A refusal as `blend` keeps it: programmes decide on it. */
    composition: Type.Array(FibreShare, { maxItems: RECOGNISED_FIBRES.length }),
    /** Root mean square error of a share, points of %; null without composition. */
    errorPoints: nullable(Type.Number({ minimum: 0, maximum: 100 })),
    /** What the sensor saw of the background, share of the signal 0…1; null where it is not known. */
    background: nullable(Type.Number({ minimum: 0, maximum: 1 })),
    gates: Type.Array(GateResult, { maxItems: FIBRE_REFUSALS.length }),
    model: nullable(ModelRef),
  },
  closed,
);
export type FibreVerdict = Static<typeof FibreVerdict>;
