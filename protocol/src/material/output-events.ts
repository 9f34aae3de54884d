/** Bales, sacks, crates, skips, loose: from the press to the truck and what happens in between. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import {
  Account,
  Attachments,
  Entry,
  EventId,
  Grams,
  GramsOrNone,
  Id,
  Moves,
  SignedGrams,
  Weight,
  Words,
} from './move.ts';
import { CONDITION_GRADES } from '../sort-programmes/programme-inputs.ts';
import { OPERATIONS, OUTPUT_UNITS, SHIPMENT_PURPOSES } from './material-names.ts';

/** Cloth that drips holds about as much water as fibre. */
export const MoisturePercent = Type.Number({ minimum: 0, maximum: 60 });
const Count = Type.Integer({ minimum: 1, maximum: 100_000 });
const ShortNumber = Type.Integer({ minimum: 1 });

export const OutputStarted = Type.Object(
  {
    output: Id,
    /** Short number that people say; by site, from 1. */
    number: ShortNumber,
    line: Id,
    /** Null: made without a press. */
    press: nullable(Id),
    outlet: Id,
    unit: literals(OUTPUT_UNITS),
    entry: Entry,
    /** Number on a paper sheet; null: none. */
    sheet: nullable(Type.String({ maxLength: 40 })),
    /** The event `press.ejected` whose bale it is; left out: nobody said. */
    proposal: Type.Optional(EventId),
  },
  closed,
);
export type OutputStarted = Static<typeof OutputStarted>;

/** Out of the press; `toWeigh`: there is no scale now, so it enters stock by count. */
export const OutputPressed = Type.Object({ output: Id, toWeigh: Type.Boolean() }, closed);
export type OutputPressed = Static<typeof OutputPressed>;

export const OutputWeighed = Type.Object(
  {
    output: Id,
    grossGrams: nullable(Grams),
    packagingGrams: GramsOrNone,
    netGrams: Grams,
    weight: Weight,
    pieces: nullable(Count),
    pairs: nullable(Count),
    /** Outside the usual range of its outlet; somebody said yes all the same. */
    unusual: Type.Boolean(),
    /** The weighing that was wrong; null: the first, or weighed again. */
    corrects: nullable(EventId),
    /** Less the weight before; the same as the net at the first weighing. */
    changeGrams: SignedGrams,
    moves: Moves,
  },
  closed,
);
export type OutputWeighed = Static<typeof OutputWeighed>;

export const OutputLabelled = Type.Object(
  {
    output: Id,
    /** SSCC of 18 digits, or the code of a pre-printed label. */
    code: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$' }),
    how: literals(['printed', 'bound', 'reprinted'] as const),
    printer: nullable(Id),
  },
  closed,
);
export type OutputLabelled = Static<typeof OutputLabelled>;

export const OutputPlaced = Type.Object({ output: Id, zone: Id }, closed);
export type OutputPlaced = Static<typeof OutputPlaced>;

export const OutputReclassified = Type.Object({ output: Id, from: Id, outlet: Id, reason: Words }, closed);
export type OutputReclassified = Static<typeof OutputReclassified>;

/** Opened, and what was in it is somewhere else again. */
export const OutputOpened = Type.Object({ output: Id, to: Account, reason: Words, moves: Moves }, closed);
export type OutputOpened = Static<typeof OutputOpened>;

/** Pressed again into another: `into` was started before. */
export const OutputRepressed = Type.Object(
  { outputs: Type.Array(Id, { minItems: 1, maxItems: 20 }), into: Id, moves: Moves },
  closed,
);
export type OutputRepressed = Static<typeof OutputRepressed>;

/** It never was: what it took is back where it came from. */
export const OutputVoided = Type.Object(
  { output: Id, reason: Words, corrects: EventId, moves: Moves },
  closed,
);
export type OutputVoided = Static<typeof OutputVoided>;

export const OutputDamaged = Type.Object(
  { output: Id, lostGrams: GramsOrNone, reason: Words, attachments: Attachments, moves: Moves },
  closed,
);
export type OutputDamaged = Static<typeof OutputDamaged>;

/** Moisture measured, condition judged; what is not said of either stays as it was said before. */
export const OutputExamined = Type.Object(
  {
    output: Id,
    /** % of the mass as it is. */
    moisturePercent: nullable(MoisturePercent),
    grade: nullable(literals(CONDITION_GRADES)),
    note: Words,
  },
  closed,
);
export type OutputExamined = Static<typeof OutputExamined>;

/** Stolen, or not found: to `missing:site`. */
export const OutputMissing = Type.Object({ output: Id, reason: Words, moves: Moves }, closed);
export type OutputMissing = Static<typeof OutputMissing>;

export const OutputFound = Type.Object(
  { output: Id, zone: nullable(Id), corrects: nullable(EventId), moves: Moves },
  closed,
);
export type OutputFound = Static<typeof OutputFound>;

/** Counted in a zone: what the book said, what is there, and the signed difference with its reason. */
export const StockCounted = Type.Object(
  {
    zone: Id,
    /** Null: of all outlets. */
    outlet: nullable(Id),
    bookedCount: Type.Integer({ minimum: 0 }),
    countedCount: Type.Integer({ minimum: 0 }),
    bookedGrams: Type.Integer({ minimum: 0 }),
    /** Null: counted by pieces only. */
    countedGrams: nullable(Type.Integer({ minimum: 0 })),
    differenceGrams: nullable(Type.Integer()),
    reason: Words,
    missing: Type.Array(Id, { maxItems: 500 }),
    found: Type.Array(Id, { maxItems: 500 }),
    moves: Moves,
  },
  closed,
);
export type StockCounted = Static<typeof StockCounted>;

export const ShipmentOpened = Type.Object(
  {
    shipment: Id,
    number: ShortNumber,
    /** Client or subcontractor. */
    partner: Id,
    purpose: literals(SHIPMENT_PURPOSES),
    transporter: nullable(Id),
    vehicle: nullable(Type.String({ maxLength: 60 })),
    operation: nullable(literals(OPERATIONS)),
    wasteCode: nullable(Type.String({ maxLength: 10 })),
    note: Words,
  },
  closed,
);
export type ShipmentOpened = Static<typeof ShipmentOpened>;

/** What was said of it wrongly, set right: all of it as it is now. */
export const ShipmentAmended = Type.Object(
  {
    shipment: Id,
    transporter: nullable(Id),
    vehicle: nullable(Type.String({ maxLength: 60 })),
    operation: nullable(literals(OPERATIONS)),
    wasteCode: nullable(Type.String({ maxLength: 10 })),
    annexVii: nullable(Type.String({ maxLength: 60 })),
    reason: Words,
    /** The event that said it last. */
    corrects: EventId,
  },
  closed,
);
export type ShipmentAmended = Static<typeof ShipmentAmended>;

export const ShipmentLoaded = Type.Object(
  {
    shipment: Id,
    output: Id,
    /** Weighed while loading; null: not weighed. */
    checkGrams: nullable(Grams),
    differenceGrams: nullable(SignedGrams),
    weight: nullable(Weight),
  },
  closed,
);
export type ShipmentLoaded = Static<typeof ShipmentLoaded>;

export const ShipmentUnloaded = Type.Object({ shipment: Id, output: Id, reason: Words }, closed);
export type ShipmentUnloaded = Static<typeof ShipmentUnloaded>;

export const ShipmentDispatched = Type.Object(
  {
    shipment: Id,
    outputs: Type.Integer({ minimum: 1, maximum: 200 }),
    netGrams: Grams,
    vehicle: nullable(Type.String({ maxLength: 60 })),
    /** Cross-border number, Annex VII; null within the country. */
    annexVii: nullable(Type.String({ maxLength: 60 })),
    attachments: Attachments,
    /** To `client:…` or `subcontractor:…`. */
    moves: Moves,
  },
  closed,
);
export type ShipmentDispatched = Static<typeof ShipmentDispatched>;

export const ShipmentCancelled = Type.Object({ shipment: Id, reason: Words }, closed);
export type ShipmentCancelled = Static<typeof ShipmentCancelled>;

/** The client weighed it too: its weight stands beside ours, nothing is changed by it. */
export const ShipmentReceived = Type.Object(
  {
    shipment: Id,
    clientGrams: nullable(Grams),
    differenceGrams: nullable(SignedGrams),
    /** What the client does not take, and keeps for us to fetch. */
    refused: Type.Array(Id, { maxItems: 200 }),
    reason: Words,
    attachments: Attachments,
  },
  closed,
);
export type ShipmentReceived = Static<typeof ShipmentReceived>;

/** Back in the yard: in stock again. */
export const ShipmentReturned = Type.Object(
  {
    shipment: Id,
    outputs: Type.Array(Id, { minItems: 1, maxItems: 200 }),
    zone: nullable(Id),
    reason: Words,
    /** From `client:…` to `output:…`. */
    moves: Moves,
  },
  closed,
);
export type ShipmentReturned = Static<typeof ShipmentReturned>;

/** A subcontractor brings sorted material back: a lot that keeps its source lots. */
export const SubcontractReturned = Type.Object(
  {
    shipment: Id,
    lot: Id,
    number: ShortNumber,
    /** What it is now; null: mixed. */
    outlet: nullable(Id),
    netGrams: Grams,
    weight: Weight,
    zone: nullable(Id),
    moves: Moves,
  },
  closed,
);
export type SubcontractReturned = Static<typeof SubcontractReturned>;

/** Nothing more comes back of a shipment: what of it never did is the site's difference. */
export const SubcontractFinished = Type.Object(
  { shipment: Id, grams: Grams, note: Words, moves: Moves },
  closed,
);
export type SubcontractFinished = Static<typeof SubcontractFinished>;
