/** `POST /lots/{id}/place`: what lies loose of a lot is put into another zone. What is in containers stands with them. */
import { account } from '@trame/protocol/material/accounts';
import type { PlaceBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { zoneOf } from '../material/reference.ts';
import { sum } from '../material/shares.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { openLot } from './lot-places.ts';

/** @param lot its name. A lot whose weight is still to come is placed too. */
export const placeLot: Decide<PlaceBody> = async (context, { zone }, lot) => {
  if (zoneOf(context.reference, zone) === undefined) {
    return refused('unknown-zone', `no zone «${zone}»`, { zone });
  }
  const open = await openLot(context.book, lot);
  if (open.kind === 'refused') return open;
  const { number, receivedGrams } = open.row;
  const own = account('lot', lot);
  if (receivedGrams !== null && sum(await context.book.contents(own)) === 0) {
    return refused('nothing-there', `nothing of lot ${lot} lies loose`, { lot });
  }
  const warnings = await zoneWarnings(context, zone, [{ account: own, addedGrams: 0 }]);
  const { occurredAt } = context;
  return recording(lot, [{ type: 'lot.placed', occurredAt, payload: { lot, zone } }], { number, warnings });
};
