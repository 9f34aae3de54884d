/** A container, or what lies loose of a lot, is empty or holds less than the book has: the rest is a difference that is seen. */
import { account } from '@trame/protocol/material/accounts';
import type { EmptyBody } from '@trame/protocol/material/lot-acts';
import { openLot } from '../lots/lot-places.ts';
import { recording, refused, type ActContext, type Decide, type Decision } from '../material/decision.ts';
import { sum, takeMoves } from '../material/shares.ts';
import { usableContainer } from './usable-container.ts';

/** @param container its name. */
export const emptyContainer: Decide<EmptyBody> = async (context, body, container) => {
  const usable = await usableContainer(context.book, container);
  if (usable.kind === 'refused') return usable;
  return writeOff(context, body, container, account('container', container));
};

/** @param lot its id. */
export const emptyLot: Decide<EmptyBody> = async (context, body, lot) => {
  const found = await openLot(context.book, lot);
  if (found.kind === 'refused') return found;
  return writeOff(context, body, lot, account('lot', lot));
};

async function writeOff(
  { book, occurredAt }: ActContext,
  { remainingGrams = 0, entry = 'screen' }: EmptyBody,
  id: string,
  from: string,
): Promise<Decision> {
  const contents = await book.contents(from);
  const thereGrams = sum(contents);
  if (thereGrams === 0) return refused('nothing-there', `nothing is in ${from}`, { from });
  const grams = thereGrams - remainingGrams;
  if (grams <= 0) {
    return refused('more-than-there-is', `${remainingGrams} g in ${from}, and the book has ${thereGrams} g`, {
      from,
      grams: remainingGrams,
      thereGrams,
    });
  }
  const to = account('difference', 'site');
  const moves = takeMoves(from, to, contents, grams);
  const counted = remainingGrams === 0 ? ('all' as const) : ('estimated' as const);
  const payload = { from, to, counted, grams, weight: null, entry, corrects: null, moves };
  return recording(id, [{ type: 'mass.moved', occurredAt, payload }]);
}
