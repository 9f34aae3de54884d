/** `POST /shipments/{id}/amend`: what was said of it wrongly is set right, also once it has left. */
import type { ShipmentAmendBody } from '@trame/protocol/material/shipment-acts';
import { OPERATIONS } from '@trame/protocol/material/material-names';
import { recording, refused, type Decide } from '../material/decision.ts';
import { knownShipment } from './known-shipment.ts';
import { knownPartner } from './open-shipment.ts';

/** Papers are written by what holds: who left it out changes nothing of it. */
export const amendShipment: Decide<ShipmentAmendBody> = async (context, body, target) => {
  const known = await knownShipment(context, target, ['open', 'dispatched', 'received']);
  if (known.kind === 'refused') return known;
  const { shipment, number, ...before } = known.shipment;
  const changed = {
    transporter: body.transporter === undefined ? before.transporter : body.transporter,
    vehicle: body.vehicle === undefined ? before.vehicle : body.vehicle,
    operation: body.operation === undefined ? operationOf(before.operation) : body.operation,
    wasteCode: body.wasteCode === undefined ? before.wasteCode : body.wasteCode,
    annexVii: body.annexVii === undefined ? before.annexVii : body.annexVii,
  };
  const names = ['transporter', 'vehicle', 'operation', 'wasteCode', 'annexVii'] as const;
  if (names.every((name) => changed[name] === before[name]))
    return refused('already-done', `${shipment} is as it is said to be`, { shipment, number });
  const { transporter } = changed;
  if (transporter !== null && transporter !== before.transporter) {
    const partner = await knownPartner(context, transporter, ['transporter']);
    if (partner.kind === 'refused') return partner;
  }
  const corrects = await context.book.diary.latest(`shipment:${shipment}`, [
    'shipment.opened',
    'shipment.amended',
    'shipment.dispatched',
  ]);
  if (corrects === null) throw new Error(`nobody said what ${shipment} is`);
  const { occurredAt } = context;
  const payload = { shipment, ...changed, reason: body.reason ?? '', corrects };
  return recording(shipment, [{ type: 'shipment.amended', occurredAt, payload }], { number });
};

function operationOf(text: string | null): (typeof OPERATIONS)[number] | null {
  return OPERATIONS.find((known) => known === text) ?? null;
}
