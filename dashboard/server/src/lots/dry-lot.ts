/** A wet lot has dried where it lies: what the scale does not find any more is water. */
import { account, accountKind, accountName } from '@trame/protocol/material/accounts';
import type { LotDryBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { sum, takeMoves } from '../material/shares.ts';
import { nothingThere, openLot, placesOf } from './lot-places.ts';
import type { LotTable } from '../material/material-tables.ts';

const WATER = account('water', 'site');

/** All that lies there is weighed: in a container of several lots, each of them has dried in proportion. */
export const dryLot: Decide<LotDryBody> = async (context, body, lot) => {
  const found = await openLot(context.book, lot);
  if (found.kind === 'refused') return found;
  const place = await dryingPlace(context, found.row, body.from);
  if (place.kind === 'refused') return place;
  const { from, tareGrams } = place;
  const resolved = await resolveWeight(context, body.weight, { tareGrams, use: 'reception' });
  if (resolved.kind === 'refused') return resolved;
  const { netGrams, weight, warnings } = resolved;
  const contents = await context.book.contents(from);
  const heldGrams = sum(contents);
  const waterGrams = heldGrams - netGrams;
  if (waterGrams <= 0) {
    return refused('more-than-there-is', `${netGrams} g are no less than the ${heldGrams} g before drying`, {
      from,
      grams: netGrams,
      thereGrams: heldGrams,
    });
  }
  const moves = takeMoves(from, WATER, contents, waterGrams);
  const payload = { lot, from, netGrams, waterGrams, weight, moves };
  return recording(lot, [{ type: 'lot.dried', occurredAt: context.occurredAt, payload }], {
    number: found.row.number,
    warnings,
  });
};

/** Where it is not said, the only place where any of it lies. */
async function dryingPlace(
  { book }: ActContext,
  row: LotTable,
  said: string | undefined,
): Promise<{ readonly kind: 'place'; readonly from: string; readonly tareGrams: number | null } | Refused> {
  const { lot } = row;
  const places = (await placesOf(book, lot)).map((place) => place.account);
  const none = nothingThere(row, places.length);
  if (none !== null) return none;
  const from = said ?? (places.length === 1 ? places[0] : account('lot', lot));
  if (from === undefined || !places.includes(from)) {
    return refused('nothing-there', `nothing of lot ${lot} is in ${from ?? 'it'}: say where it dried`, {
      lot,
      from: from ?? '',
    });
  }
  const container = accountKind(from) === 'container' ? await book.container(accountName(from)) : undefined;
  return { kind: 'place', from, tareGrams: container?.tareGrams ?? null };
}
