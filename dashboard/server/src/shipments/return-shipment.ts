/** `POST /shipments/{id}/return`: outputs come back into the yard with exactly what they left with. */
import type { ShipmentReturnBody } from '@trame/protocol/material/shipment-acts';
import type { Move, Share } from '@trame/protocol/material/move';
import { outputAccount, stillAt } from '../bales/output-account.ts';
import { chosenZone } from '../bales/output-zone.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { joinShares, movesOfShares, sum } from '../material/shares.ts';
import type { ShipmentTable } from '../material/material-tables.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { awayAccount, knownShipment } from './known-shipment.ts';
import { notGone } from './receive-shipment.ts';
import { stillAway } from './still-away.ts';

export const returnShipment: Decide<ShipmentReturnBody> = async (context, body, target) => {
  const known = await knownShipment(context, target, ['dispatched', 'received']);
  if (known.kind === 'refused') return notGone(known);
  const { shipment, number } = known.shipment;
  const zone = chosenZone(context, body.zone);
  if (zone.kind === 'refused') return zone;
  const away = awayAccount(known.shipment);
  const rows = new Map((await context.book.shipmentOutputs(shipment)).map((row) => [row.output, row.state]));
  const outputs = [...new Set(body.bales)];
  const moves: Move[] = [];
  const all: Share[][] = [];
  for (const output of outputs) {
    const state = rows.get(output);
    if (state === undefined)
      return refused('unknown-output', `${output} did not leave with ${shipment}`, { output, shipment });
    if (state !== 'dispatched' && state !== 'refused')
      return refused('wrong-state', `${output} is ${state}`, { output, state, shipment });
    const own = outputAccount({ output });
    const shares = stillAt(await context.book.postingsOf(own), own, away);
    all.push(shares);
    moves.push(...movesOfShares(away, own, shares));
  }
  const brought = joinShares(...all);
  const gone = await goneThere(context, known.shipment, brought);
  if (gone !== null) return gone;
  const warnings = await zoneWarnings(context, zone.zone, sum(brought), 'outside');
  const payload = { shipment, outputs, zone: zone.zone, reason: body.reason ?? '', moves };
  const { occurredAt } = context;
  return fitting(
    recording(shipment, [{ type: 'shipment.returned', occurredAt, payload }], { number, warnings }),
  );
};

/** A subcontractor that has brought sorted material back does not have all of it any more. */
async function goneThere(
  { book }: ActContext,
  shipment: ShipmentTable,
  brought: readonly Share[],
): Promise<Refused | null> {
  if (shipment.purpose !== 'subcontract') return null;
  const there = new Map((await stillAway(book, shipment)).map(({ lot, grams }) => [lot, grams]));
  const missing = brought.reduce(
    (grams, share) => grams + Math.max(0, share.grams - (there.get(share.lot) ?? 0)),
    0,
  );
  if (missing === 0) return null;
  return refused('more-than-there-is', `${missing} g of it came back sorted already`, {
    missingGrams: missing,
    thereGrams: [...there.values()].reduce((grams, one) => grams + one, 0),
    grams: sum(brought),
  });
}
