/** `POST /shipments/{id}/bring-back`: a subcontractor brings sorted material; it is a lot that keeps its source lots. */
import { account, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { BringBackBody } from '@trame/protocol/material/shipment-acts';
import { chosenZone } from '../bales/output-zone.ts';
import { weightLimitGrams } from '../bales/weight-limit.ts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { outletOf } from '../material/reference.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { movesOfShares, sum, takeMoves } from '../material/shares.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { awayAccount, knownShipment } from './known-shipment.ts';
import { notGone } from './receive-shipment.ts';
import { stillAway } from './still-away.ts';

/** More than is there by what scales may err is the site's difference; more than that is refused. */
export const bringBack: Decide<BringBackBody> = async (context, body, target) => {
  const known = await knownShipment(context, target, ['dispatched', 'received']);
  if (known.kind === 'refused') return notGone(known);
  const { shipment, purpose, partner } = known.shipment;
  if (purpose !== 'subcontract') {
    return refused('wrong-state', `${shipment} went to a client: what comes back of it is returned`, {
      shipment,
      purpose,
    });
  }
  const { outlet = null } = body;
  if (outlet !== null && outletOf(context.reference, outlet) === undefined)
    return refused('unknown-outlet', `no outlet «${outlet}»`, { outlet });
  const zone = chosenZone(context, body.zone);
  if (zone.kind === 'refused') return zone;
  const resolved = await resolveWeight(context, body.weight, { tareGrams: null, use: 'reception' });
  if (resolved.kind === 'refused') return resolved;
  const { netGrams, weight } = resolved;
  const away = awayAccount(known.shipment);
  const contents = await stillAway(context.book, known.shipment);
  const thereGrams = sum(contents);
  const limitGrams = weightLimitGrams(thereGrams, weight.intervalGrams);
  if (netGrams > thereGrams + limitGrams) {
    return refused(
      'more-than-there-is',
      `${netGrams} g cannot come of the ${thereGrams} g of ${shipment} at ${partner}`,
      {
        grams: netGrams,
        thereGrams,
        limitGrams,
      },
    );
  }
  const number = await context.book.nextNumber('lots');
  const lot = `L${number}`;
  const into = account('lot', lot);
  const overGrams = Math.max(0, netGrams - thereGrams);
  const over = overGrams === 0 ? [] : [{ lot: UNKNOWN_LOT, grams: overGrams }];
  const moves = [
    ...takeMoves(away, into, contents, netGrams - overGrams),
    ...movesOfShares(account('difference', 'site'), into, over),
  ];
  const warnings = await zoneWarnings(context, zone.zone, netGrams, 'outside');
  const payload = { shipment, lot, number, outlet, netGrams, weight, zone: zone.zone, moves };
  const { occurredAt } = context;
  return fitting(
    recording(lot, [{ type: 'subcontract.returned', occurredAt, payload }], {
      number,
      warnings: [...resolved.warnings, ...warnings],
    }),
  );
};
