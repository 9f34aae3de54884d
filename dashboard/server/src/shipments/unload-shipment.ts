/** `POST /shipments/{id}/unload`: off the truck again, before it leaves. */
import type { ShipmentUnloadBody } from '@trame/protocol/material/shipment-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { knownShipment } from './known-shipment.ts';

export const unloadShipment: Decide<ShipmentUnloadBody> = async (context, { bale, reason = '' }, target) => {
  const known = await knownShipment(context, target, ['open']);
  if (known.kind === 'refused') return known;
  const { shipment, number } = known.shipment;
  const output = await context.book.output(bale);
  if (output === undefined) return refused('unknown-output', `no output «${bale}»`, { output: bale });
  if (output.status !== 'loaded' || output.shipment !== shipment) {
    return refused('wrong-state', `${bale} is not on ${shipment}`, {
      output: bale,
      number: output.number,
      state: output.status,
      shipment,
    });
  }
  const payload = { shipment, output: bale, reason };
  const { occurredAt } = context;
  return recording(shipment, [{ type: 'shipment.unloaded', occurredAt, payload }], { number });
};
