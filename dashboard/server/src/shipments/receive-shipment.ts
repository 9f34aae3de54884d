/** `POST /shipments/{id}/receive`: what the client says of it. Our weights stay; its own stands beside them. */
import type { ShipmentReceiveBody } from '@trame/protocol/material/act-bodies';
import { weightLimitGrams } from '../bales/weight-limit.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { knownShipment } from './known-shipment.ts';

/** Told again, it is what holds: a weight often comes long before what was refused is known. */
export const receiveShipment: Decide<ShipmentReceiveBody> = async (context, body, target) => {
  const unsent = await missingDocument(context.book, body.attachments ?? []);
  if (unsent !== null) return unsent;
  const known = await knownShipment(context, target, ['dispatched', 'received']);
  if (known.kind === 'refused') return notGone(known);
  const { shipment, number, netGrams } = known.shipment;
  const refusedThere = [...new Set(body.refused ?? [])];
  const wrong = await notThere(context, shipment, refusedThere);
  if (wrong !== null) return wrong;
  const { clientGrams = null } = body;
  const differenceGrams = clientGrams === null ? null : clientGrams - netGrams;
  const payload = {
    shipment,
    clientGrams,
    differenceGrams,
    refused: refusedThere,
    reason: body.reason ?? '',
    attachments: [...(body.attachments ?? [])],
  };
  const differs = Math.abs(differenceGrams ?? 0) > weightLimitGrams(netGrams, null);
  const { occurredAt } = context;
  return fitting(
    recording(shipment, [{ type: 'shipment.received', occurredAt, payload }], {
      number,
      warnings: differs ? ['weight-differs'] : [],
    }),
  );
};

/** @returns the refusal of what is still here, in words that fit. */
export function notGone(refusal: Refused): Refused {
  const { state } = refusal.params;
  return state === 'open'
    ? refused('wrong-state', `${refusal.params['shipment'] ?? ''} has not left yet`, refusal.params)
    : refusal;
}

/** What is named must have left with it, and not be back. */
async function notThere(
  { book }: ActContext,
  shipment: string,
  outputs: readonly string[],
): Promise<Refused | null> {
  const rows = new Map((await book.shipmentOutputs(shipment)).map((row) => [row.output, row.state]));
  for (const output of outputs) {
    const state = rows.get(output);
    if (state === undefined)
      return refused('unknown-output', `${output} did not leave with ${shipment}`, { output, shipment });
    if (state !== 'dispatched' && state !== 'refused')
      return refused('wrong-state', `${output} is ${state}`, { output, state, shipment });
  }
  return null;
}
