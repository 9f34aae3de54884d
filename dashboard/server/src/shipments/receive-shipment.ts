/** `POST /shipments/{id}/receive`: what the client says of it. Our weights stay; its own stands beside them. */
import type { ShipmentReceiveBody } from '@trame/protocol/material/shipment-acts';
import { weightLimitGrams } from '../bales/weight-limit.ts';
import { recording, refused, type Decide, type Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import type { ShipmentOutputTable } from '../material/material-tables.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { knownShipment } from './known-shipment.ts';

/**
 * Told again, it is what holds: a weight often comes long before what was refused is known. What the client weighs is
 * held against what it takes: not what it refuses by then, or has sent back.
 */
export const receiveShipment: Decide<ShipmentReceiveBody> = async (context, body, target) => {
  const unsent = await missingDocument(context.book, body.attachments ?? []);
  if (unsent !== null) return unsent;
  const known = await knownShipment(context, target, ['dispatched', 'received']);
  if (known.kind === 'refused') return notGone(known);
  const { shipment, number } = known.shipment;
  const rows = await context.book.shipmentOutputs(shipment);
  const refusedBefore = rows.filter(({ state }) => state === 'refused').map(({ output }) => output);
  // All that is refused, every time: who says nothing of it changes nothing.
  const refusedThere = [...new Set(body.refused ?? refusedBefore)];
  const wrong = notThere(rows, shipment, refusedThere);
  if (wrong !== null) return wrong;
  const { clientGrams = null } = body;
  const taken = rows.filter(({ state, output }) => state !== 'returned' && !refusedThere.includes(output));
  const takenGrams = taken.reduce((grams, row) => grams + row.netGrams, 0);
  const differenceGrams = clientGrams === null ? null : clientGrams - takenGrams;
  const payload = {
    shipment,
    clientGrams,
    differenceGrams,
    refused: refusedThere,
    reason: body.reason ?? '',
    attachments: [...(body.attachments ?? [])],
  };
  const differs = Math.abs(differenceGrams ?? 0) > weightLimitGrams(takenGrams, null);
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
function notThere(
  rows: readonly ShipmentOutputTable[],
  shipment: string,
  outputs: readonly string[],
): Refused | null {
  const states = new Map(rows.map((row) => [row.output, row.state]));
  for (const output of outputs) {
    const state = states.get(output);
    if (state === undefined)
      return refused('unknown-output', `${output} did not leave with ${shipment}`, { output, shipment });
    if (state !== 'dispatched' && state !== 'refused')
      return refused('wrong-state', `${output} is ${state}`, { output, state, shipment });
  }
  return null;
}
