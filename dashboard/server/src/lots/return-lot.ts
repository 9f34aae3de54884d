/** What was accepted goes back after all: to who brought it, or to another collector. */
import { account, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotReturnBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { gramsAt, moreThanThere, nothingThere, openLot, placesOf, takeEvenly } from './lot-places.ts';

/** @param lot its id. */
export const returnLot: Decide<LotReturnBody> = async (context, body, lot) => {
  const { book, occurredAt } = context;
  const found = await openLot(book, lot);
  if (found.kind === 'refused') return found;
  const to = body.to ?? found.row.collector;
  const partner = to === null ? undefined : await book.partner(to);
  if (to !== null && partner?.role !== 'collector') {
    return refused('unknown-partner', `no collector «${to}» is declared`, { partner: to });
  }
  const places = await placesOf(book, lot);
  const thereGrams = gramsAt(places);
  const grams = body.grams ?? thereGrams;
  const wrong = nothingThere(found.row, thereGrams) ?? moreThanThere(lot, grams, thereGrams);
  if (wrong !== null) return wrong;
  const moves = takeEvenly(places, account('returned', to ?? UNKNOWN_COLLECTOR), grams);
  const payload = { lot, to, grams, note: body.note ?? '', moves };
  return recording(lot, [{ type: 'lot.returned', occurredAt, payload }], { number: found.row.number });
};
