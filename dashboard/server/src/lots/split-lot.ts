/** Parts of a lot get a name of their own, and remember what they came in with. */
import { account } from '@trame/protocol/material/accounts';
import type { LotSplitBody } from '@trame/protocol/material/lot-acts';
import type { Move, Share } from '@trame/protocol/material/move';
import { recording, type Decide } from '../material/decision.ts';
import { sum, takeMoves, withoutShares } from '../material/shares.ts';
import { gramsAt, moreThanThere, nothingThere, openLot, placesOf, type LotPlace } from './lot-places.ts';

/** What lies loose goes first, then container after container; what is left over stays in the lot. */
export const splitLot: Decide<LotSplitBody> = async (context, body, lot) => {
  const found = await openLot(context.book, lot);
  if (found.kind === 'refused') return found;
  const places = await placesOf(context.book, lot);
  const thereGrams = gramsAt(places);
  const askedGrams = body.grams.reduce((total, grams) => total + grams, 0);
  const wrong = nothingThere(found.row, thereGrams) ?? moreThanThere(lot, askedGrams, thereGrams);
  if (wrong !== null) return wrong;
  const first = await context.book.nextNumber('lots');
  const into = body.grams.map((grams, index) => ({
    lot: `L${first + index}`,
    number: first + index,
    grams,
  }));
  const moves: Move[] = [];
  let left: readonly LotPlace[] = places;
  for (const part of into) {
    const taken = takeInOrder(left, account('lot', part.lot), part.grams);
    moves.push(...taken.moves);
    left = taken.left;
  }
  return recording(
    into[0]?.lot ?? lot,
    [{ type: 'lot.split', occurredAt: context.occurredAt, payload: { lot, into, moves } }],
    { number: first },
  );
};

function takeInOrder(
  places: readonly LotPlace[],
  to: string,
  grams: number,
): { readonly moves: Move[]; readonly left: LotPlace[] } {
  const moves: Move[] = [];
  let missing = grams;
  const left = places.map((place) => {
    const now = Math.min(missing, sum(place.contents));
    const taken = takeMoves(place.account, to, place.contents, now);
    moves.push(...taken);
    missing -= now;
    return { ...place, contents: withoutShares(place.contents, sharesOf(taken)) };
  });
  return { moves, left };
}

function sharesOf(moves: readonly Move[]): Share[] {
  return moves.flatMap(({ shares }) => shares ?? []);
}
