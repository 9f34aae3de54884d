/** `POST /shipments/{id}/finish`: nothing more comes back of it; what is missing is the site's difference, in plain sight. */
import { account } from '@trame/protocol/material/accounts';
import type { FinishBody } from '@trame/protocol/material/shipment-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { movesOfShares, sum } from '../material/shares.ts';
import { awayAccount, knownShipment } from './known-shipment.ts';
import { notGone } from './receive-shipment.ts';
import { stillAway } from './still-away.ts';

/** `weight-differs`: something was lost there. */
export const finishSubcontract: Decide<FinishBody> = async (context, body, target) => {
  const known = await knownShipment(context, target, ['dispatched', 'received']);
  if (known.kind === 'refused') return notGone(known);
  const { shipment, number, purpose } = known.shipment;
  if (purpose !== 'subcontract') {
    return refused('wrong-state', `${shipment} went to a client: it is that of the client`, {
      shipment,
      purpose,
    });
  }
  const rest = await stillAway(context.book, known.shipment);
  const grams = sum(rest);
  if (grams === 0) return refused('nothing-there', `all of ${shipment} is accounted for`, { shipment });
  const moves = movesOfShares(awayAccount(known.shipment), account('difference', 'site'), rest);
  const payload = { shipment, grams, note: body.note ?? '', moves };
  const { occurredAt } = context;
  return fitting(
    recording(shipment, [{ type: 'subcontract.finished', occurredAt, payload }], {
      number,
      warnings: ['weight-differs'],
    }),
  );
};
