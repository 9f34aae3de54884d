/** `POST /shipments/{id}/dispatch`: the truck leaves; what is on it is the client's, or at the subcontractor. */
import type { ShipmentDispatchBody } from '@trame/protocol/material/shipment-acts';
import type { Move } from '@trame/protocol/material/move';
import { wrongState } from '../bales/known-output.ts';
import { moveAll, outputAccount } from '../bales/output-account.ts';
import { notYetThere } from '../material/act-times.ts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { awayAccount, knownShipment } from './known-shipment.ts';
import { OUTPUTS_PER_SHIPMENT_MAX } from './load-shipment.ts';

export const dispatchShipment: Decide<ShipmentDispatchBody> = async (context, body, target) => {
  const unsent = await missingDocument(context.book, body.attachments ?? []);
  if (unsent !== null) return unsent;
  const known = await knownShipment(context, target, ['open']);
  if (known.kind === 'refused') return known;
  const { shipment, number, vehicle } = known.shipment;
  const rows = (await context.book.shipmentOutputs(shipment)).filter(({ state }) => state === 'loaded');
  if (rows.length === 0) return refused('nothing-there', `nothing is loaded on ${shipment}`, { shipment });
  if (rows.length > OUTPUTS_PER_SHIPMENT_MAX) {
    return refused('too-much-at-once', `${rows.length} outputs, at most ${OUTPUTS_PER_SHIPMENT_MAX}`, {
      outputs: rows.length,
      max: OUTPUTS_PER_SHIPMENT_MAX,
    });
  }
  const to = awayAccount(known.shipment);
  const moves: Move[] = [];
  let netGrams = 0;
  for (const row of rows) {
    const output = await context.book.output(row.output);
    if (output === undefined) throw new Error(`${row.output} is loaded on ${shipment}, and is not known`);
    if (output.status !== 'loaded') return wrongState(output);
    const early = notYetThere(context.occurredAt, output.output, output.startedAt);
    if (early !== null) return early;
    if (output.netGrams === null)
      return refused('not-weighed', `${output.output} has no weight yet`, { output: output.output });
    const from = outputAccount(output);
    moves.push(...moveAll(from, to, await context.book.contents(from)));
    netGrams += output.netGrams;
  }
  const payload = {
    shipment,
    outputs: rows.length,
    netGrams,
    vehicle: body.vehicle ?? vehicle,
    annexVii: body.annexVii ?? null,
    attachments: [...(body.attachments ?? [])],
    moves,
  };
  const { occurredAt } = context;
  return fitting(recording(shipment, [{ type: 'shipment.dispatched', occurredAt, payload }], { number }));
};
