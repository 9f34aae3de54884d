/**
 * What a line answers about pieces, as the dashboard hands it on: `GET /lines/{line}/items`, `GET /lines/{line}/items/{item}`,
 * `POST /lines/{line}/dry-run`. A member more, of a newer edge, is let through.
 */
import { Type, type Static } from 'typebox';
import { literals, nullable } from '../schema.ts';
import {
  CATEGORIES,
  CHOICE_INPUTS,
  COLOURS,
  CONDITION_GRADES,
  DISRUPTORS,
  NUMBER_INPUTS,
  READINGS,
  SET_INPUTS,
  type ChoiceInput,
  type NumberInput,
  type SetInput,
} from '../sort-programmes/programme-inputs.ts';
import { PRODUCT_FAMILIES } from '../material/material-names.ts';
import { ProgrammeRef } from './classification-events.ts';
import { RECOGNISED_FIBRES } from './fibre-names.ts';
import { FIBRE_REFUSALS, FibreShare, FibreVerdict } from './fibre-verdict.ts';
import { ItemOverrideArgs, ProgrammeDryRunArgs } from './item-requests.ts';
import { OVERRIDE_REASONS, VERDICT_WRITES } from './item-names.ts';

const Count = Type.Integer({ minimum: 0 });
const Grams = Type.Number({ minimum: 0 });
const Fibre = literals(RECOGNISED_FIBRES);
const Reading = literals(READINGS);

export const ItemRowAnswer = Type.Object({
  id: Type.String(),
  readAt: Type.Integer(),
  reading: Reading,
  fibre: nullable(Fibre),
  refusal: nullable(literals(FIBRE_REFUSALS)),
  probability: nullable(Type.Number()),
  composition: Type.Array(FibreShare),
  errorPoints: nullable(Type.Number()),
  decided: Type.String(),
  rule: nullable(Type.String()),
  wrote: literals(VERDICT_WRITES),
  outlet: Type.String(),
  overrides: Count,
  overriddenTo: nullable(Type.String()),
});

/** Of the edge. */
export const ItemListAnswer = Type.Object({
  items: Type.Array(ItemRowAnswer),
  next: nullable(Type.String()),
});

/** `GET /lines/{line}/items`. */
export const ItemsPage = Type.Object({ rows: Type.Array(ItemRowAnswer), next: nullable(Type.String()) });
export type ItemsPage = Static<typeof ItemsPage>;

const Facts = Type.Object({
  reading: Reading,
  composition: nullable(Type.Partial(Type.Record(Fibre, Type.Number()))),
  errorPoints: Type.Number(),
  colour: nullable(literals(COLOURS)),
  moisturePercent: nullable(Type.Number()),
  disruptors: nullable(Type.Array(literals(DISRUPTORS))),
  grade: nullable(literals(CONDITION_GRADES)),
  weightG: nullable(Type.Number()),
  category: nullable(literals(CATEGORIES)),
  family: nullable(literals(PRODUCT_FAMILIES)),
});

const NUMBERS = Object.keys(NUMBER_INPUTS) as NumberInput[];
const CHOICES = Object.keys(CHOICE_INPUTS) as ChoiceInput[];
const SETS = Object.keys(SET_INPUTS) as SetInput[];

const Failed = Type.Union([
  Type.Object({ why: Type.Literal('not-known'), input: literals([...NUMBERS, ...CHOICES, ...SETS]) }),
  Type.Object({
    why: literals(['under', 'not-under'] as const),
    input: literals(NUMBERS),
    measured: Type.Number(),
    limit: Type.Number(),
  }),
  Type.Object({
    why: Type.Literal('another-word'),
    input: literals(CHOICES),
    measured: Type.String(),
    asked: Type.Array(Type.String()),
  }),
  Type.Object({
    why: literals(['none-of', 'one-of'] as const),
    input: literals(SETS),
    measured: Type.Array(Type.String()),
    asked: Type.Array(Type.String()),
  }),
]);

const Shape = Type.Object({
  channelsNm: Type.Array(Type.Number()),
  shape: Type.Array(Type.Number()),
  fit: Type.Array(Type.Number()),
  classMean: Type.Array(Type.Number()),
  classFibre: nullable(Fibre),
  residual: Type.Number(),
  shares: Type.Array(Type.Object({ id: Type.String(), share: Type.Number() })),
});

/** `GET /lines/{line}/items/{item}`. */
export const ItemExplainAnswer = Type.Object({
  item: ItemRowAnswer,
  verdict: Type.Object(FibreVerdict.properties),
  facts: Facts,
  programme: nullable(Type.Object(ProgrammeRef.properties)),
  rules: nullable(
    Type.Array(
      Type.Object({
        id: Type.String(),
        label: Type.String(),
        outlet: Type.String(),
        failed: nullable(Failed),
      }),
    ),
  ),
  spectrum: nullable(
    Type.Object({
      gridNm: Type.Array(Type.Number()),
      absorbance: Type.Array(nullable(Type.Number())),
      shape: nullable(Shape),
    }),
  ),
  noSpectrum: nullable(literals(['not-kept', 'another-model'] as const)),
  overrides: Type.Array(
    Type.Object({
      at: Type.Integer(),
      from: Type.String(),
      to: Type.String(),
      reason: literals(OVERRIDE_REASONS),
      note: Type.String(),
      /** Of whoever asks alone; null: somebody else. */
      actorRef: nullable(Type.String()),
    }),
  ),
});

/** `POST /lines/{line}/items/{item}/override`. */
export const ItemOverrideBody = Type.Object(
  {
    to: ItemOverrideArgs.properties.to,
    reason: ItemOverrideArgs.properties.reason,
    note: Type.Optional(ItemOverrideArgs.properties.note),
  },
  { additionalProperties: false },
);
export type ItemOverrideBody = Static<typeof ItemOverrideBody>;

/** `POST /lines/{line}/dry-run`. */
export const DryRunBody = Type.Object(
  {
    programme: Type.Unknown(),
    from: ProgrammeDryRunArgs.properties.from,
    to: ProgrammeDryRunArgs.properties.to,
  },
  { additionalProperties: false },
);

const Sum = { pieces: Count, grams: Grams };

export const DryRunAnswer = Type.Object({
  report: Type.Object({
    ...Sum,
    changed: Type.Object(Sum),
    changedPercent: Type.Object({ pieces: nullable(Type.Number()), grams: nullable(Type.Number()) }),
    flows: Type.Array(
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        ...Sum,
        examples: Type.Array(Type.Object({ facts: Facts, grams: Grams, rule: Type.String() })),
      }),
    ),
    rules: Type.Array(Type.Object({ rule: Type.String(), ...Sum })),
  }),
  assumedWeights: Count,
  isWhole: Type.Boolean(),
});
