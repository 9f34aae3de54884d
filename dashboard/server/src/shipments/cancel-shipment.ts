/** `POST /shipments/{id}/cancel`: it does not leave; what is on it is in stock again. */
import type { ReasonBody } from '@trame/protocol/material/act-parts';
import { recording, type Decide } from '../material/decision.ts';
import { knownShipment } from './known-shipment.ts';

export const cancelShipment: Decide<ReasonBody> = async (context, { reason = '' }, target) => {
  const known = await knownShipment(context, target, ['open']);
  if (known.kind === 'refused') return known;
  const { shipment, number } = known.shipment;
  const { occurredAt } = context;
  return recording(shipment, [{ type: 'shipment.cancelled', occurredAt, payload: { shipment, reason } }], {
    number,
  });
};
