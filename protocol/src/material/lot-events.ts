/** What is received, and what becomes of a lot until it goes on the line. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import {
  Account,
  Attachment,
  Attachments,
  Entry,
  EventId,
  Grams,
  GramsOrNone,
  Id,
  Insee,
  Moves,
  Name,
  Weight,
  Words,
} from './move.ts';
import {
  ALLOCATION_KEYS,
  CONDITIONS,
  CONTAINER_KINDS,
  LEGAL_STATUSES,
  PARTNER_ROLES,
  PRODUCT_FAMILIES,
  SKIMMINGS,
  WASTE_CODES,
} from './material-names.ts';

const Communes = Type.Array(
  /** Of the lot, or by default of a tour: parts of a thousand. */
  Type.Object(
    {
      insee: Insee,
      name: Type.String({ maxLength: 120 }),
      permille: Type.Integer({ minimum: 0, maximum: 1000 }),
    },
    closed,
  ),
  { maxItems: 60 },
);

/** Collector, client, subcontractor, transporter: declared again, it is changed. */
export const PartnerDeclared = Type.Object(
  {
    partner: Id,
    role: literals(PARTNER_ROLES),
    name: Name,
    siret: nullable(Type.String({ pattern: '^\\d{14}$' })),
    /** Of a collector: accredited by the eco-organisme, so that its tonnes count for it. */
    accredited: Type.Boolean(),
    points: Type.Array(Type.Object({ point: Id, name: Name, insee: nullable(Insee) }, closed), {
      maxItems: 100,
    }),
    communes: Communes,
    retired: Type.Boolean(),
  },
  closed,
);
export type PartnerDeclared = Static<typeof PartnerDeclared>;

export const ContainerDeclared = Type.Object(
  {
    container: Id,
    kind: literals(CONTAINER_KINDS),
    tareGrams: GramsOrNone,
    /** Null: not known. */
    volumeLitres: nullable(Type.Integer({ minimum: 1, maximum: 100_000 })),
    retired: Type.Boolean(),
  },
  closed,
);
export type ContainerDeclared = Static<typeof ContainerDeclared>;

export const ContainerPlaced = Type.Object({ container: Id, zone: Id }, closed);
export type ContainerPlaced = Static<typeof ContainerPlaced>;

/** One weighing of a reception: gross − tare = net. */
export const Load = Type.Object(
  {
    /** Null: loose, or the whole truck. */
    container: nullable(Id),
    grossGrams: nullable(Grams),
    tareGrams: nullable(GramsOrNone),
    netGrams: Grams,
    weight: Weight,
  },
  closed,
);
export type Load = Static<typeof Load>;

const origin = {
  /** Null: origin unknown. In stock it counts, for the eco-organisme it does not; it may be attributed later. */
  collector: nullable(Id),
  points: Type.Array(
    Type.Object({ point: Id, fillPercent: nullable(Type.Integer({ minimum: 0, maximum: 150 })) }, closed),
    { maxItems: 60 },
  ),
  communes: Communes,
  allocation: literals(ALLOCATION_KEYS),
};

export const LotReceived = Type.Object(
  {
    lot: Id,
    number: Type.Integer({ minimum: 1 }),
    ...origin,
    vehicle: nullable(Type.String({ maxLength: 60 })),
    transporter: nullable(Id),
    skimming: literals(SKIMMINGS),
    legalStatus: literals(LEGAL_STATUSES),
    condition: literals(CONDITIONS),
    family: literals(PRODUCT_FAMILIES),
    wasteCode: literals(WASTE_CODES),
    usualName: Name,
    /** Empty: the weighbridge says it later. */
    loads: Type.Array(Load, { maxItems: 60 }),
    zone: nullable(Id),
    attachments: Attachments,
    entry: Entry,
    note: Words,
    /** From `collector:…` to `container:…`, or to `lot:…` what is loose. */
    moves: Moves,
  },
  closed,
);
export type LotReceived = Static<typeof LotReceived>;

/** What lies loose of it stands in another zone; what is in containers stands with them. */
export const LotPlaced = Type.Object({ lot: Id, zone: Id }, closed);
export type LotPlaced = Static<typeof LotPlaced>;

/** The weight that was missing, or another than was said before. */
export const LotWeighed = Type.Object(
  {
    lot: Id,
    /** Of the whole lot. */
    netGrams: Grams,
    weight: Weight,
    reason: literals(['late', 'correction'] as const),
    corrects: nullable(EventId),
    /** The one weighing of the delivery that is set right, as it is now; without it, the whole lot is. */
    load: Type.Optional(Load),
    moves: Moves,
  },
  closed,
);
export type LotWeighed = Static<typeof LotWeighed>;

/** A wet lot has dried: the difference is water. */
export const LotDried = Type.Object(
  { lot: Id, from: Account, netGrams: GramsOrNone, waterGrams: Grams, weight: Weight, moves: Moves },
  closed,
);
export type LotDried = Static<typeof LotDried>;

export const LotRefused = Type.Object(
  {
    lot: Id,
    /** Null: the lot was never weighed. */
    grams: nullable(Grams),
    whole: Type.Boolean(),
    reason: literals(['wet', 'soiled', 'not-textile', 'dangerous', 'no-room', 'other'] as const),
    note: Words,
    attachments: Attachments,
    /** To `returned:…`. */
    moves: Moves,
  },
  closed,
);
export type LotRefused = Static<typeof LotRefused>;

/** What was accepted goes back to who brought it, or to another collector. */
export const LotReturned = Type.Object(
  { lot: Id, to: nullable(Id), grams: Grams, note: Words, moves: Moves },
  closed,
);
export type LotReturned = Static<typeof LotReturned>;

/** Where a lot came from is known now. */
export const LotAttributed = Type.Object(
  { lot: Id, ...origin, corrects: nullable(EventId), note: Words, moves: Moves },
  closed,
);
export type LotAttributed = Static<typeof LotAttributed>;

/** Parts get a name of their own and keep their source lots. */
export const LotSplit = Type.Object(
  {
    lot: Id,
    into: Type.Array(Type.Object({ lot: Id, number: Type.Integer({ minimum: 1 }), grams: Grams }, closed), {
      minItems: 1,
      maxItems: 20,
    }),
    moves: Moves,
  },
  closed,
);
export type LotSplit = Static<typeof LotSplit>;

export const LotsMerged = Type.Object(
  {
    lots: Type.Array(Id, { minItems: 2, maxItems: 20 }),
    into: Id,
    number: Type.Integer({ minimum: 1 }),
    moves: Moves,
  },
  closed,
);
export type LotsMerged = Static<typeof LotsMerged>;

/** It was entered twice, or never came: it is as if it had not been, and still stands in the book. */
export const LotVoided = Type.Object(
  {
    lot: Id,
    /** Event that received it. */
    corrects: nullable(EventId),
    reason: Words,
    /** Back to `collector:…`. */
    moves: Moves,
  },
  closed,
);
export type LotVoided = Static<typeof LotVoided>;

/** What was said of a lot is set right: all of it, as it is now. Its weight and its origin have events of their own. */
export const LotAmended = Type.Object(
  {
    lot: Id,
    /** Event that said it before. */
    corrects: nullable(EventId),
    skimming: literals(SKIMMINGS),
    legalStatus: literals(LEGAL_STATUSES),
    condition: literals(CONDITIONS),
    family: literals(PRODUCT_FAMILIES),
    wasteCode: literals(WASTE_CODES),
    usualName: Type.String({ maxLength: 120 }),
    vehicle: nullable(Type.String({ maxLength: 60 })),
    transporter: nullable(Id),
    note: Words,
  },
  closed,
);
export type LotAmended = Static<typeof LotAmended>;

export const DocumentAttached = Type.Object({ about: Account, attachment: Attachment }, closed);
export type DocumentAttached = Static<typeof DocumentAttached>;

export const NoteWritten = Type.Object(
  { about: nullable(Type.String({ maxLength: 140 })), text: Words },
  closed,
);
export type NoteWritten = Static<typeof NoteWritten>;
