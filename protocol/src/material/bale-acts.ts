/** Acts about outputs (bale, sack, crate, skip, loose) and their counts. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { happening, WeightBody } from './act-parts.ts';
import { OUTPUT_UNITS } from './material-names.ts';
import { Account, Attachments, EventId, GramsOrNone, Id, Words } from './move.ts';
import { MoisturePercent } from './output-events.ts';
import { CONDITION_GRADES } from '../sort-programmes/programme-inputs.ts';

/**
 * `POST /bales`: an output. With a weight it is started, pressed, weighed and in stock at once (two touches). Without:
 * `stage` says how far it is.
 */
export const BaleBody = Type.Object(
  {
    ...happening,
    line: Type.Optional(Id),
    press: Type.Optional(nullable(Id)),
    outlet: Id,
    /** Left out: the outlet's own. */
    unit: Type.Optional(literals(OUTPUT_UNITS)),
    /** `done` with a weight or, without any scale, `to-weigh`. */
    stage: Type.Optional(literals(['started', 'pressed', 'to-weigh', 'done'] as const)),
    weight: Type.Optional(nullable(WeightBody)),
    /** Left out: the outlet's default. */
    packagingGrams: Type.Optional(nullable(GramsOrNone)),
    pieces: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    pairs: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    zone: Type.Optional(nullable(Id)),
    /** Somebody said yes to a weight outside the outlet's usual range. */
    unusual: Type.Optional(Type.Boolean()),
    /** Pre-printed label scanned to it. */
    code: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
    sheet: Type.Optional(nullable(Type.String({ maxLength: 40 }))),
    /** `id` of what the press proposed (`GET /bales/proposals`): it is logged with this. */
    proposal: Type.Optional(EventId),
  },
  closed,
);
export type BaleBody = Static<typeof BaleBody>;

/** `POST /bales/{id}/press`. */
export const BalePressBody = Type.Object({ ...happening, toWeigh: Type.Optional(Type.Boolean()) }, closed);
export type BalePressBody = Static<typeof BalePressBody>;

/** `POST /bales/{id}/weigh`: first weight, weighed again, or (with `corrects`) a wrong weight set right. */
export const BaleWeighBody = Type.Object(
  {
    ...happening,
    weight: WeightBody,
    packagingGrams: Type.Optional(nullable(GramsOrNone)),
    pieces: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    pairs: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    unusual: Type.Optional(Type.Boolean()),
    corrects: Type.Optional(EventId),
  },
  closed,
);
export type BaleWeighBody = Static<typeof BaleWeighBody>;

/** `POST /bales/{id}/label`: prints it (again), or binds the scanned code of a pre-printed label. */
export const BaleLabelBody = Type.Object(
  {
    ...happening,
    printer: Type.Optional(nullable(Id)),
    code: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
  },
  closed,
);
export type BaleLabelBody = Static<typeof BaleLabelBody>;

/** `POST /bales/{id}/reclassify`. */
export const BaleReclassifyBody = Type.Object(
  { ...happening, outlet: Id, reason: Type.Optional(Words) },
  closed,
);
export type BaleReclassifyBody = Static<typeof BaleReclassifyBody>;

/** `POST /bales/{id}/open`: put back. Left out: into the bin of its outlet. */
export const BaleOpenBody = Type.Object(
  { ...happening, to: Type.Optional(Account), reason: Type.Optional(Words) },
  closed,
);
export type BaleOpenBody = Static<typeof BaleOpenBody>;

/** `POST /bales/{id}/damage`. */
export const BaleDamageBody = Type.Object(
  {
    ...happening,
    lostGrams: Type.Optional(GramsOrNone),
    reason: Type.Optional(Words),
    attachments: Type.Optional(Attachments),
  },
  closed,
);
export type BaleDamageBody = Static<typeof BaleDamageBody>;

/** `POST /bales/{id}/examine`: at least one of moisture and grade; said again when it was wrong. */
export const BaleExamineBody = Type.Object(
  {
    ...happening,
    moisturePercent: Type.Optional(nullable(MoisturePercent)),
    grade: Type.Optional(nullable(literals(CONDITION_GRADES))),
    note: Type.Optional(Words),
  },
  closed,
);
export type BaleExamineBody = Static<typeof BaleExamineBody>;

/** `POST /bales/{id}/found`. */
export const BaleFoundBody = Type.Object({ ...happening, zone: Type.Optional(nullable(Id)) }, closed);
export type BaleFoundBody = Static<typeof BaleFoundBody>;

/** `POST /bales/repress`: several into one new output. */
export const RepressBody = Type.Object(
  {
    ...happening,
    bales: Type.Array(Id, { minItems: 1, maxItems: 15 }),
    press: Type.Optional(nullable(Id)),
    outlet: Type.Optional(Id),
    unit: Type.Optional(literals(OUTPUT_UNITS)),
    weight: Type.Optional(nullable(WeightBody)),
    packagingGrams: Type.Optional(nullable(GramsOrNone)),
    /** Somebody said yes to a weight outside the usual range, or above the sum: more was put in. */
    unusual: Type.Optional(Type.Boolean()),
    zone: Type.Optional(nullable(Id)),
  },
  closed,
);
export type RepressBody = Static<typeof RepressBody>;

/**
 * `POST /stock/counts`: what is there. `bales`: those that were found; left out: only counted. What is named and is just
 * in the press or on a truck is not in the count.
 */
export const StockCountBody = Type.Object(
  {
    ...happening,
    zone: Id,
    outlet: Type.Optional(nullable(Id)),
    count: Type.Integer({ minimum: 0, maximum: 100_000 }),
    grams: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 }))),
    bales: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
    reason: Type.Optional(Words),
  },
  closed,
);
export type StockCountBody = Static<typeof StockCountBody>;
