/** Several lots become one: poured together, they are told apart by their shares only. */
import { account } from '@trame/protocol/material/accounts';
import type { LotMergeBody } from '@trame/protocol/material/lot-acts';
import type { Move } from '@trame/protocol/material/move';
import { recording, refused, type Decide } from '../material/decision.ts';
import { movesOfShares } from '../material/shares.ts';
import { gramsAt, nothingThere, openLot, placesOf } from './lot-places.ts';

/** Takes all that waits of each of them, loose and in containers. */
export const mergeLots: Decide<LotMergeBody> = async (context, body) => {
  const lots = [...new Set(body.lots)];
  if (lots.length < body.lots.length) {
    return refused('already-done', 'a lot is named twice', { lot: doubled(body.lots) });
  }
  const number = await context.book.nextNumber('lots');
  const into = `L${number}`;
  const moves: Move[] = [];
  for (const lot of lots) {
    const found = await openLot(context.book, lot);
    if (found.kind === 'refused') return found;
    const places = await placesOf(context.book, lot);
    const wrong = nothingThere(found.row, gramsAt(places));
    if (wrong !== null) return wrong;
    for (const { account: from, contents } of places) {
      moves.push(...movesOfShares(from, account('lot', into), contents));
    }
  }
  const payload = { lots, into, number, moves };
  return recording(into, [{ type: 'lot.merged', occurredAt: context.occurredAt, payload }], { number });
};

function doubled(lots: readonly string[]): string {
  return lots.find((lot, index) => lots.indexOf(lot) !== index) ?? '';
}
