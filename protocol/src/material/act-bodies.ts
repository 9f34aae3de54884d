/**
 * What people ask for: bodies of the HTTP acts about material, `/api/v1`. Masses are whole grams, times ms since 1970
 * UTC. What follows from an act (numbers, shares, movements) is decided by the server. Every act takes an
 * `Idempotency-Key` and answers {@link ActAnswer}.
 */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import {
  CONDITIONS,
  CONTAINER_KINDS,
  ALLOCATION_KEYS,
  LEGAL_STATUSES,
  OPERATIONS,
  OUTPUT_UNITS,
  PARTNER_ROLES,
  PRODUCT_FAMILIES,
  SHIPMENT_PURPOSES,
  SKIMMINGS,
  WASTE_CODES,
} from './material-names.ts';
import {
  Account,
  Attachment,
  Attachments,
  Day,
  Entry,
  EventId,
  Grams,
  GramsOrNone,
  Id,
  Insee,
  Name,
  Time,
  Words,
} from './move.ts';

const optional = Type.Optional;

/** Of every act. */
const happening = {
  /** When it happened, for what is told later (offline, paper); left out: now. */
  occurredAt: optional(Time),
  entry: optional(Entry),
};

/**
 * One weight as a person or a screen has it. `scale`: the weighing with this event id is claimed. `typed`, `paper`:
 * read off the indicator; a weighing of that scale with the same net, near in time, is claimed when there is one.
 */
export const WeightBody = Type.Union([
  Type.Object({ how: Type.Literal('scale'), weighing: EventId }, closed),
  Type.Object(
    {
      how: literals(['typed', 'paper', 'weighbridge', 'estimated'] as const),
      scale: optional(nullable(Id)),
      grossGrams: optional(nullable(Grams)),
      tareGrams: optional(nullable(GramsOrNone)),
      /** Left out when gross and tare are given. */
      netGrams: optional(nullable(Grams)),
    },
    closed,
  ),
]);
export type WeightBody = Static<typeof WeightBody>;

const communes = Type.Array(
  Type.Object(
    {
      insee: Insee,
      name: optional(Type.String({ maxLength: 120 })),
      permille: Type.Integer({ minimum: 0, maximum: 1000 }),
    },
    closed,
  ),
  { maxItems: 60 },
);
const points = Type.Array(
  Type.Object(
    { point: Id, fillPercent: optional(nullable(Type.Integer({ minimum: 0, maximum: 150 }))) },
    closed,
  ),
  { maxItems: 60 },
);

/** `POST /partners`: declares one, or changes it. */
export const PartnerBody = Type.Object(
  {
    ...happening,
    partner: Id,
    role: literals(PARTNER_ROLES),
    name: Name,
    siret: optional(nullable(Type.String({ pattern: '^\\d{14}$' }))),
    accredited: optional(Type.Boolean()),
    points: optional(
      Type.Array(Type.Object({ point: Id, name: Name, insee: optional(nullable(Insee)) }, closed), {
        maxItems: 100,
      }),
    ),
    communes: optional(communes),
    retired: optional(Type.Boolean()),
  },
  closed,
);
export type PartnerBody = Static<typeof PartnerBody>;

/** `POST /containers`. */
export const ContainerBody = Type.Object(
  {
    ...happening,
    container: Id,
    kind: literals(CONTAINER_KINDS),
    tareGrams: GramsOrNone,
    volumeLitres: optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    retired: optional(Type.Boolean()),
  },
  closed,
);
export type ContainerBody = Static<typeof ContainerBody>;

/** `POST /containers/{id}/place`, `POST /lots/{id}/place`, `POST /bales/{id}/place`. */
export const PlaceBody = Type.Object({ ...happening, zone: Id }, closed);
export type PlaceBody = Static<typeof PlaceBody>;

/** `POST /lots`: a delivery is received. */
export const LotBody = Type.Object(
  {
    ...happening,
    collector: nullable(Id),
    points: optional(points),
    /** Left out: those of the collector's tour. */
    communes: optional(communes),
    allocation: optional(literals(ALLOCATION_KEYS)),
    vehicle: optional(nullable(Type.String({ maxLength: 60 }))),
    transporter: optional(nullable(Id)),
    skimming: literals(SKIMMINGS),
    legalStatus: literals(LEGAL_STATUSES),
    condition: literals(CONDITIONS),
    family: literals(PRODUCT_FAMILIES),
    wasteCode: optional(literals(WASTE_CODES)),
    usualName: optional(Name),
    /** Empty: its weight comes later. The tare of a known container is the declared one unless given. */
    loads: Type.Array(Type.Object({ container: optional(nullable(Id)), weight: WeightBody }, closed), {
      maxItems: 60,
    }),
    zone: optional(nullable(Id)),
    attachments: optional(Attachments),
    note: optional(Words),
  },
  closed,
);
export type LotBody = Static<typeof LotBody>;

/** `POST /lots/{id}/weigh`: the weight of the whole lot that comes late, or corrects. */
export const LotWeighBody = Type.Object(
  {
    ...happening,
    weight: WeightBody,
    corrects: optional(EventId),
    /** Only what was weighed in this container is corrected; null: what was weighed loose. Left out: all of it. */
    container: optional(nullable(Id)),
    /** What was refused before is not on this ticket: it left with the truck. */
    withoutRefused: optional(Type.Boolean()),
  },
  closed,
);
export type LotWeighBody = Static<typeof LotWeighBody>;

/** `POST /lots/{id}/dry`: weighed again after drying. `from`: where it is; left out: the lot itself. */
export const LotDryBody = Type.Object({ ...happening, from: optional(Account), weight: WeightBody }, closed);
export type LotDryBody = Static<typeof LotDryBody>;

/** `POST /lots/{id}/refuse`: all of it, or so much of it. */
export const LotRefuseBody = Type.Object(
  {
    ...happening,
    grams: optional(nullable(Grams)),
    reason: literals(['wet', 'soiled', 'not-textile', 'dangerous', 'no-room', 'other'] as const),
    /** Only out of this container. */
    container: optional(nullable(Id)),
    note: optional(Words),
    attachments: optional(Attachments),
  },
  closed,
);
export type LotRefuseBody = Static<typeof LotRefuseBody>;

/** `POST /lots/{id}/return`. */
export const LotReturnBody = Type.Object(
  { ...happening, to: optional(nullable(Id)), grams: optional(nullable(Grams)), note: optional(Words) },
  closed,
);
export type LotReturnBody = Static<typeof LotReturnBody>;

/** `POST /lots/{id}/attribute`. */
export const LotAttributeBody = Type.Object(
  {
    ...happening,
    collector: nullable(Id),
    points: optional(points),
    communes: optional(communes),
    allocation: optional(literals(ALLOCATION_KEYS)),
    note: optional(Words),
  },
  closed,
);
export type LotAttributeBody = Static<typeof LotAttributeBody>;

/** `POST /lots/{id}/amend`: what was said of it wrong; what is left out stays. */
export const LotAmendBody = Type.Object(
  {
    ...happening,
    skimming: optional(literals(SKIMMINGS)),
    legalStatus: optional(literals(LEGAL_STATUSES)),
    condition: optional(literals(CONDITIONS)),
    family: optional(literals(PRODUCT_FAMILIES)),
    wasteCode: optional(literals(WASTE_CODES)),
    usualName: optional(Name),
    vehicle: optional(nullable(Type.String({ maxLength: 60 }))),
    transporter: optional(nullable(Id)),
    note: optional(Words),
  },
  closed,
);
export type LotAmendBody = Static<typeof LotAmendBody>;

/** `POST /lots/{id}/split`: into so many grams each. */
export const LotSplitBody = Type.Object(
  { ...happening, grams: Type.Array(Grams, { minItems: 1, maxItems: 20 }) },
  closed,
);
export type LotSplitBody = Static<typeof LotSplitBody>;

/** `POST /lots/merge`. */
export const LotMergeBody = Type.Object(
  { ...happening, lots: Type.Array(Id, { minItems: 2, maxItems: 20 }) },
  closed,
);
export type LotMergeBody = Static<typeof LotMergeBody>;

/** `POST /moves`: trolleys filled and emptied, bins fed by hand. Without grams and weight: all of it. */
export const MoveBody = Type.Object(
  {
    ...happening,
    from: Account,
    to: Account,
    weight: optional(nullable(WeightBody)),
    /** Estimated, when it is not weighed. */
    grams: optional(nullable(Grams)),
    /**
     * A weighed trolley is empty now: what the book has more in it is the difference. Left out: so when its gross was
     * weighed, for then all that was in it stood on the scale.
     */
    emptied: optional(Type.Boolean()),
    corrects: optional(EventId),
  },
  closed,
);
export type MoveBody = Static<typeof MoveBody>;

/** `POST /containers/{id}/empty`, `POST /lots/{id}/empty` (what lies loose): it is empty, or holds only so much. */
export const EmptyBody = Type.Object({ ...happening, remainingGrams: optional(GramsOrNone) }, closed);
export type EmptyBody = Static<typeof EmptyBody>;

/** `POST /lines/{line}/load`: lots (`lot:…`) or containers (`container:…`) go on the line. */
export const LineLoadBody = Type.Object(
  {
    ...happening,
    from: Type.Array(Account, { minItems: 1, maxItems: 20 }),
    /** Left out: all of it, or `by-infeed` where the line has an infeed scale that counts. */
    counted: optional(literals(['all', 'weighed', 'by-infeed'] as const)),
    weight: optional(nullable(WeightBody)),
  },
  closed,
);
export type LineLoadBody = Static<typeof LineLoadBody>;

/** `POST /lines/{line}/unload`: `grams` go back into it; left out: it is only no longer at the infeed. */
export const LineUnloadBody = Type.Object(
  { ...happening, from: Account, grams: optional(nullable(Grams)), note: optional(Words) },
  closed,
);
export type LineUnloadBody = Static<typeof LineUnloadBody>;

/** `POST /lines/{line}/empty`: the belt or the tables are empty, or hold so much. */
export const LineEmptyBody = Type.Object(
  { ...happening, remainingGrams: optional(GramsOrNone), note: optional(Words) },
  closed,
);
export type LineEmptyBody = Static<typeof LineEmptyBody>;

/** `POST /lines/{line}/audits`. */
export const AuditBody = Type.Object(
  {
    ...happening,
    outlet: Id,
    sampledGrams: Grams,
    misplaced: Type.Array(Type.Object({ outlet: Id, grams: Grams }, closed), { maxItems: 32 }),
    note: optional(Words),
  },
  closed,
);
export type AuditBody = Static<typeof AuditBody>;

/** `POST /lines/{line}/restart`: what only people know after a power cut. */
export const RestartBody = Type.Object(
  {
    ...happening,
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    presses: Type.Array(
      Type.Object(
        { press: Id, holds: literals(['nothing', 'output'] as const), output: optional(nullable(Id)) },
        closed,
      ),
      { maxItems: 16 },
    ),
    bins: Type.Array(
      Type.Object({ outlet: Id, level: literals(['empty', 'half', 'full', 'unknown'] as const) }, closed),
      { maxItems: 64 },
    ),
    clockRight: Type.Boolean(),
    note: optional(Words),
  },
  closed,
);
export type RestartBody = Static<typeof RestartBody>;

export const NoteBody = Type.Object(
  { ...happening, about: optional(nullable(Type.String({ maxLength: 140 }))), text: Words },
  closed,
);
export type NoteBody = Static<typeof NoteBody>;

/** `POST /documents` first stores the bytes; this says what they are about: `POST /attachments`. */
export const AttachBody = Type.Object({ ...happening, about: Account, attachment: Attachment }, closed);
export type AttachBody = Static<typeof AttachBody>;

/**
 * `POST /bales`: an output. With a weight it is started, pressed, weighed and in stock at once (two touches). Without:
 * `stage` says how far it is.
 */
export const BaleBody = Type.Object(
  {
    ...happening,
    line: optional(Id),
    press: optional(nullable(Id)),
    outlet: Id,
    /** Left out: the outlet's own. */
    unit: optional(literals(OUTPUT_UNITS)),
    /** `done` with a weight or, without any scale, `to-weigh`. */
    stage: optional(literals(['started', 'pressed', 'to-weigh', 'done'] as const)),
    weight: optional(nullable(WeightBody)),
    /** Left out: the outlet's default. */
    packagingGrams: optional(nullable(GramsOrNone)),
    pieces: optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    pairs: optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    zone: optional(nullable(Id)),
    /** Somebody said yes to a weight outside the outlet's usual range. */
    unusual: optional(Type.Boolean()),
    /** Pre-printed label scanned to it. */
    code: optional(nullable(Type.String({ maxLength: 200 }))),
    sheet: optional(nullable(Type.String({ maxLength: 40 }))),
  },
  closed,
);
export type BaleBody = Static<typeof BaleBody>;

/** `POST /bales/{id}/press`. */
export const BalePressBody = Type.Object({ ...happening, toWeigh: optional(Type.Boolean()) }, closed);
export type BalePressBody = Static<typeof BalePressBody>;

/** `POST /bales/{id}/weigh`: first weight, weighed again, or (with `corrects`) a wrong weight set right. */
export const BaleWeighBody = Type.Object(
  {
    ...happening,
    weight: WeightBody,
    packagingGrams: optional(nullable(GramsOrNone)),
    pieces: optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    pairs: optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    unusual: optional(Type.Boolean()),
    corrects: optional(EventId),
  },
  closed,
);
export type BaleWeighBody = Static<typeof BaleWeighBody>;

/** `POST /bales/{id}/label`: prints it (again), or binds the scanned code of a pre-printed label. */
export const BaleLabelBody = Type.Object(
  {
    ...happening,
    printer: optional(nullable(Id)),
    code: optional(nullable(Type.String({ maxLength: 200 }))),
  },
  closed,
);
export type BaleLabelBody = Static<typeof BaleLabelBody>;

/** `POST /bales/{id}/reclassify`. */
export const BaleReclassifyBody = Type.Object({ ...happening, outlet: Id, reason: optional(Words) }, closed);
export type BaleReclassifyBody = Static<typeof BaleReclassifyBody>;

/** `POST /bales/{id}/open`: put back. Left out: into the bin of its outlet. */
export const BaleOpenBody = Type.Object(
  { ...happening, to: optional(Account), reason: optional(Words) },
  closed,
);
export type BaleOpenBody = Static<typeof BaleOpenBody>;

/** `POST /bales/{id}/void|missing`, `POST /lots/{id}/void`. */
export const ReasonBody = Type.Object({ ...happening, reason: optional(Words) }, closed);
export type ReasonBody = Static<typeof ReasonBody>;

/** `POST /bales/{id}/damage`. */
export const BaleDamageBody = Type.Object(
  {
    ...happening,
    lostGrams: optional(GramsOrNone),
    reason: optional(Words),
    attachments: optional(Attachments),
  },
  closed,
);
export type BaleDamageBody = Static<typeof BaleDamageBody>;

/** `POST /bales/{id}/found`. */
export const BaleFoundBody = Type.Object({ ...happening, zone: optional(nullable(Id)) }, closed);
export type BaleFoundBody = Static<typeof BaleFoundBody>;

/** `POST /bales/repress`: several into one new output. */
export const RepressBody = Type.Object(
  {
    ...happening,
    bales: Type.Array(Id, { minItems: 1, maxItems: 15 }),
    press: optional(nullable(Id)),
    outlet: optional(Id),
    unit: optional(literals(OUTPUT_UNITS)),
    weight: optional(nullable(WeightBody)),
    packagingGrams: optional(nullable(GramsOrNone)),
    /** Somebody said yes to a weight outside the usual range, or above the sum: more was put in. */
    unusual: optional(Type.Boolean()),
    zone: optional(nullable(Id)),
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
    outlet: optional(nullable(Id)),
    count: Type.Integer({ minimum: 0, maximum: 100_000 }),
    grams: optional(nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 }))),
    bales: optional(Type.Array(Id, { maxItems: 10_000 })),
    reason: optional(Words),
  },
  closed,
);
export type StockCountBody = Static<typeof StockCountBody>;

/** `POST /shipments`. */
export const ShipmentBody = Type.Object(
  {
    ...happening,
    partner: Id,
    purpose: optional(literals(SHIPMENT_PURPOSES)),
    transporter: optional(nullable(Id)),
    vehicle: optional(nullable(Type.String({ maxLength: 60 }))),
    operation: optional(nullable(literals(OPERATIONS))),
    wasteCode: optional(nullable(Type.String({ maxLength: 10 }))),
    note: optional(Words),
  },
  closed,
);
export type ShipmentBody = Static<typeof ShipmentBody>;

/** `POST /shipments/{id}/amend`: what was said wrongly, also once it has left. Left out: stays; null: there is none. */
export const ShipmentAmendBody = Type.Object(
  {
    ...happening,
    transporter: optional(nullable(Id)),
    vehicle: optional(nullable(Type.String({ maxLength: 60 }))),
    operation: optional(nullable(literals(OPERATIONS))),
    wasteCode: optional(nullable(Type.String({ maxLength: 10 }))),
    annexVii: optional(nullable(Type.String({ maxLength: 60 }))),
    reason: optional(Words),
  },
  closed,
);
export type ShipmentAmendBody = Static<typeof ShipmentAmendBody>;

/**
 * `POST /shipments/{id}/load`: what was scanned or typed (SSCC, label, number). With a weight it is checked; further
 * off than both scales may err it is refused `weight-differs` unless `accept` says that a person looked.
 */
export const ShipmentLoadBody = Type.Object(
  {
    ...happening,
    code: Type.String({ minLength: 1, maxLength: 200 }),
    weight: optional(nullable(WeightBody)),
    accept: optional(Type.Boolean()),
  },
  closed,
);
export type ShipmentLoadBody = Static<typeof ShipmentLoadBody>;

/** `POST /shipments/{id}/unload`. */
export const ShipmentUnloadBody = Type.Object({ ...happening, bale: Id, reason: optional(Words) }, closed);
export type ShipmentUnloadBody = Static<typeof ShipmentUnloadBody>;

/** `POST /shipments/{id}/dispatch`. */
export const ShipmentDispatchBody = Type.Object(
  {
    ...happening,
    vehicle: optional(nullable(Type.String({ maxLength: 60 }))),
    annexVii: optional(nullable(Type.String({ maxLength: 60 }))),
    attachments: optional(Attachments),
  },
  closed,
);
export type ShipmentDispatchBody = Static<typeof ShipmentDispatchBody>;

/** `POST /shipments/{id}/receive`: what the client says. */
export const ShipmentReceiveBody = Type.Object(
  {
    ...happening,
    clientGrams: optional(nullable(Grams)),
    refused: optional(Type.Array(Id, { maxItems: 200 })),
    reason: optional(Words),
    attachments: optional(Attachments),
  },
  closed,
);
export type ShipmentReceiveBody = Static<typeof ShipmentReceiveBody>;

/** `POST /shipments/{id}/return`: back in the yard. */
export const ShipmentReturnBody = Type.Object(
  {
    ...happening,
    bales: Type.Array(Id, { minItems: 1, maxItems: 200 }),
    zone: optional(nullable(Id)),
    reason: optional(Words),
  },
  closed,
);
export type ShipmentReturnBody = Static<typeof ShipmentReturnBody>;

/** `POST /shipments/{id}/bring-back`: a subcontractor returns sorted material; it becomes a lot. */
export const BringBackBody = Type.Object(
  { ...happening, outlet: optional(nullable(Id)), weight: WeightBody, zone: optional(nullable(Id)) },
  closed,
);
export type BringBackBody = Static<typeof BringBackBody>;

/** `POST /shipments/{id}/finish`: nothing more comes back of it; what is missing is the difference. */
export const FinishBody = Type.Object({ ...happening, note: optional(Words) }, closed);
export type FinishBody = Static<typeof FinishBody>;

/** `POST /scales/{id}/log`: into its log book. */
export const ScaleLogBody = Type.Object(
  {
    ...happening,
    entry: literals(['verification', 'refusal', 'repair', 'seal-broken', 'sealed', 'note'] as const),
    on: Day,
    /** Of a verification that was passed: until when it holds. */
    due: optional(nullable(Day)),
    text: optional(Words),
  },
  closed,
);
export type ScaleLogBody = Static<typeof ScaleLogBody>;

/** `POST /shifts`. */
export const ShiftBody = Type.Object(
  {
    ...happening,
    line: optional(Id),
    team: Name,
    posts: Type.Array(
      Type.Object({ post: Id, heads: nullable(Type.Integer({ minimum: 0, maximum: 100 })) }, closed),
      { maxItems: 32 },
    ),
  },
  closed,
);
export type ShiftBody = Static<typeof ShiftBody>;

/** `POST /shifts/{id}/close`, `POST /campaigns/{id}/close`. */
export const CloseBody = Type.Object({ ...happening, note: optional(Words) }, closed);
export type CloseBody = Static<typeof CloseBody>;

/** `POST /campaigns`. */
export const CampaignBody = Type.Object({ ...happening, line: optional(Id), name: Name }, closed);
export type CampaignBody = Static<typeof CampaignBody>;

/** `POST /closings`. */
export const ClosingBody = Type.Object(
  { ...happening, month: Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' }), note: optional(Words) },
  closed,
);
export type ClosingBody = Static<typeof ClosingBody>;

/** What every act answers once it is recorded for good. */
export const ActAnswer = Type.Object({
  /** Of what it made or changed: a lot, an output, a shipment. */
  id: Type.String(),
  /** Short number that people say; null where there is none. */
  number: nullable(Type.Integer()),
  /** Ids of the events, in order. */
  events: Type.Array(Type.String()),
  /** What somebody should look at: stable words, e.g. `unusual-weight`, `zone-80`, `scale-expired`, `not-printed`. */
  warnings: Type.Array(Type.String()),
  /** True: this key was recorded before, nothing was done again. */
  replayed: Type.Boolean(),
});
export type ActAnswer = Static<typeof ActAnswer>;
