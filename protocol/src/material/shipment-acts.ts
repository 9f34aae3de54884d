/** Acts about shipments to clients and subcontractors, and what comes back. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { happening, WeightBody } from './act-parts.ts';
import { OPERATIONS, SHIPMENT_PURPOSES } from './material-names.ts';
import { Attachments, Grams, Id, Words } from './move.ts';

/** `POST /shipments`. */
export const ShipmentBody = Type.Object(
  {
    ...happening,
    partner: Id,
    purpose: Type.Optional(literals(SHIPMENT_PURPOSES)),
    transporter: Type.Optional(nullable(Id)),
    vehicle: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    operation: Type.Optional(nullable(literals(OPERATIONS))),
    wasteCode: Type.Optional(nullable(Type.String({ maxLength: 10 }))),
    note: Type.Optional(Words),
  },
  closed,
);
export type ShipmentBody = Static<typeof ShipmentBody>;

/** `POST /shipments/{id}/amend`: what was said wrongly, also once it has left. Left out: stays; null: there is none. */
export const ShipmentAmendBody = Type.Object(
  {
    ...happening,
    transporter: Type.Optional(nullable(Id)),
    vehicle: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    operation: Type.Optional(nullable(literals(OPERATIONS))),
    wasteCode: Type.Optional(nullable(Type.String({ maxLength: 10 }))),
    annexVii: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    reason: Type.Optional(Words),
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
    weight: Type.Optional(nullable(WeightBody)),
    accept: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type ShipmentLoadBody = Static<typeof ShipmentLoadBody>;

/** `POST /shipments/{id}/unload`. */
export const ShipmentUnloadBody = Type.Object(
  { ...happening, bale: Id, reason: Type.Optional(Words) },
  closed,
);
export type ShipmentUnloadBody = Static<typeof ShipmentUnloadBody>;

/** `POST /shipments/{id}/dispatch`. */
export const ShipmentDispatchBody = Type.Object(
  {
    ...happening,
    vehicle: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    annexVii: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
    attachments: Type.Optional(Attachments),
  },
  closed,
);
export type ShipmentDispatchBody = Static<typeof ShipmentDispatchBody>;

/** `POST /shipments/{id}/receive`: what the client says. */
export const ShipmentReceiveBody = Type.Object(
  {
    ...happening,
    clientGrams: Type.Optional(nullable(Grams)),
    refused: Type.Optional(Type.Array(Id, { maxItems: 200 })),
    reason: Type.Optional(Words),
    attachments: Type.Optional(Attachments),
  },
  closed,
);
export type ShipmentReceiveBody = Static<typeof ShipmentReceiveBody>;

/** `POST /shipments/{id}/return`: back in the yard. */
export const ShipmentReturnBody = Type.Object(
  {
    ...happening,
    bales: Type.Array(Id, { minItems: 1, maxItems: 200 }),
    zone: Type.Optional(nullable(Id)),
    reason: Type.Optional(Words),
  },
  closed,
);
export type ShipmentReturnBody = Static<typeof ShipmentReturnBody>;

/** `POST /shipments/{id}/bring-back`: a subcontractor returns sorted material; it becomes a lot. */
export const BringBackBody = Type.Object(
  {
    ...happening,
    outlet: Type.Optional(nullable(Id)),
    weight: WeightBody,
    zone: Type.Optional(nullable(Id)),
  },
  closed,
);
export type BringBackBody = Static<typeof BringBackBody>;

/** `POST /shipments/{id}/finish`: nothing more comes back of it; what is missing is the difference. */
export const FinishBody = Type.Object({ ...happening, note: Type.Optional(Words) }, closed);
export type FinishBody = Static<typeof FinishBody>;
