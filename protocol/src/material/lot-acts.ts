/** Acts about partners, containers and lots, until a lot goes on the line. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { happening, WeightBody } from './act-parts.ts';
import {
  CONDITIONS,
  CONTAINER_KINDS,
  ALLOCATION_KEYS,
  LEGAL_STATUSES,
  PARTNER_ROLES,
  PRODUCT_FAMILIES,
  SKIMMINGS,
  WASTE_CODES,
} from './material-names.ts';
import {
  Account,
  Attachment,
  Attachments,
  EventId,
  Grams,
  GramsOrNone,
  Id,
  Insee,
  Name,
  Words,
} from './move.ts';

const communes = Type.Array(
  Type.Object(
    {
      insee: Insee,
      name: Type.Optional(Type.String({ maxLength: 120 })),
      permille: Type.Integer({ minimum: 0, maximum: 1000 }),
    },
    closed,
  ),
  { maxItems: 60 },
);
const points = Type.Array(
  Type.Object(
    { point: Id, fillPercent: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 150 }))) },
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
    siret: Type.Optional(nullable(Type.String({ pattern: '^\\d{14}$' }))),
    accredited: Type.Optional(Type.Boolean()),
    points: Type.Optional(
      Type.Array(Type.Object({ point: Id, name: Name, insee: Type.Optional(nullable(Insee)) }, closed), {
        maxItems: 100,
      }),
    ),
    communes: Type.Optional(communes),
    retired: Type.Optional(Type.Boolean()),
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
    volumeLitres: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    retired: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type ContainerBody = Static<typeof ContainerBody>;

/** `POST /lots`: a delivery is received. */
export const LotBody = Type.Object(
  {
    ...happening,
    collector: nullable(Id),
    points: Type.Optional(points),
    /** Left out: those of the collector's tour. */
    communes: Type.Optional(communes),
    allocation: Type.Optional(literals(ALLOCATION_KEYS)),
    vehicle: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    transporter: Type.Optional(nullable(Id)),
    skimming: literals(SKIMMINGS),
    legalStatus: literals(LEGAL_STATUSES),
    condition: literals(CONDITIONS),
    family: literals(PRODUCT_FAMILIES),
    wasteCode: Type.Optional(literals(WASTE_CODES)),
    usualName: Type.Optional(Name),
    /** Empty: its weight comes later. The tare of a known container is the declared one unless given. */
    loads: Type.Array(Type.Object({ container: Type.Optional(nullable(Id)), weight: WeightBody }, closed), {
      maxItems: 60,
    }),
    zone: Type.Optional(nullable(Id)),
    attachments: Type.Optional(Attachments),
    note: Type.Optional(Words),
  },
  closed,
);
export type LotBody = Static<typeof LotBody>;

/** `POST /lots/{id}/weigh`: the weight of the whole lot that comes late, or corrects. */
export const LotWeighBody = Type.Object(
  {
    ...happening,
    weight: WeightBody,
    corrects: Type.Optional(EventId),
    /** Only what was weighed in this container is corrected; null: what was weighed loose. Left out: all of it. */
    container: Type.Optional(nullable(Id)),
    /** What was refused before is not on this ticket: it left with the truck. */
    withoutRefused: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type LotWeighBody = Static<typeof LotWeighBody>;

/** `POST /lots/{id}/dry`: weighed again after drying. `from`: where it is; left out: the lot itself. */
export const LotDryBody = Type.Object(
  { ...happening, from: Type.Optional(Account), weight: WeightBody },
  closed,
);
export type LotDryBody = Static<typeof LotDryBody>;

/** `POST /lots/{id}/refuse`: all of it, or so much of it. */
export const LotRefuseBody = Type.Object(
  {
    ...happening,
    grams: Type.Optional(nullable(Grams)),
    reason: literals(['wet', 'soiled', 'not-textile', 'dangerous', 'no-room', 'other'] as const),
    /** Only out of this container. */
    container: Type.Optional(nullable(Id)),
    note: Type.Optional(Words),
    attachments: Type.Optional(Attachments),
  },
  closed,
);
export type LotRefuseBody = Static<typeof LotRefuseBody>;

/** `POST /lots/{id}/return`. */
export const LotReturnBody = Type.Object(
  {
    ...happening,
    to: Type.Optional(nullable(Id)),
    grams: Type.Optional(nullable(Grams)),
    note: Type.Optional(Words),
  },
  closed,
);
export type LotReturnBody = Static<typeof LotReturnBody>;

/** `POST /lots/{id}/attribute`. */
export const LotAttributeBody = Type.Object(
  {
    ...happening,
    collector: nullable(Id),
    points: Type.Optional(points),
    communes: Type.Optional(communes),
    allocation: Type.Optional(literals(ALLOCATION_KEYS)),
    note: Type.Optional(Words),
  },
  closed,
);
export type LotAttributeBody = Static<typeof LotAttributeBody>;

/** `POST /lots/{id}/amend`: what was said of it wrong; what is left out stays. */
export const LotAmendBody = Type.Object(
  {
    ...happening,
    skimming: Type.Optional(literals(SKIMMINGS)),
    legalStatus: Type.Optional(literals(LEGAL_STATUSES)),
    condition: Type.Optional(literals(CONDITIONS)),
    family: Type.Optional(literals(PRODUCT_FAMILIES)),
    wasteCode: Type.Optional(literals(WASTE_CODES)),
    usualName: Type.Optional(Name),
    vehicle: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    transporter: Type.Optional(nullable(Id)),
    note: Type.Optional(Words),
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

/** `POST /containers/{id}/empty`, `POST /lots/{id}/empty` (what lies loose): it is empty, or holds only so much. */
export const EmptyBody = Type.Object({ ...happening, remainingGrams: Type.Optional(GramsOrNone) }, closed);
export type EmptyBody = Static<typeof EmptyBody>;

/** `POST /documents` first stores the bytes; this says what they are about: `POST /attachments`. */
export const AttachBody = Type.Object({ ...happening, about: Account, attachment: Attachment }, closed);
export type AttachBody = Static<typeof AttachBody>;
