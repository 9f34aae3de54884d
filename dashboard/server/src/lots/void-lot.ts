/** A delivery that was entered twice, or never came: its kilograms go back to who is said to have brought them. */
import { account, accountKind, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { ReasonBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { LotTable } from '../material/material-tables.ts';
import { movesOfShares } from '../material/shares.ts';
import { openLot, placesOf, type LotPlace } from './lot-places.ts';

/** @param lot its id. Only while nothing of it went further than its own place and containers. */
export const voidLot: Decide<ReasonBody> = async (context, body, lot) => {
  const found = await openLot(context.book, lot);
  if (found.kind === 'refused') return found;
  const { row } = found;
  const places = await placesOf(context.book, lot);
  const wrong = (await usedRefusal(context, row)) ?? (await infeedRefusal(context, lot, places));
  if (wrong !== null) return wrong;
  const to = account('collector', row.collector ?? UNKNOWN_COLLECTOR);
  const moves = places.flatMap(({ account: from, contents }) => movesOfShares(from, to, contents));
  const payload = { lot, corrects: row.event, reason: body.reason ?? '', moves };
  const draft = { type: 'lot.voided', occurredAt: context.occurredAt, payload } as const;
  return recording(lot, [draft], { number: row.number });
};

async function usedRefusal({ book }: ActContext, { lot, kind }: LotTable): Promise<Refused | null> {
  if (kind !== 'received') {
    return refused('wrong-state', `lot ${lot} is ${kind}: it was not delivered`, { lot, state: kind });
  }
  const own = account('lot', lot);
  const mixed = (await book.contents(own)).some((share) => share.lot !== lot);
  const elsewhere = (await book.whereabouts(lot)).find(
    ({ account: place, grams }) =>
      grams !== 0 && place !== own && !['collector', 'container'].includes(accountKind(place)),
  );
  if (!mixed && elsewhere === undefined) return null;
  return refused(
    'wrong-state',
    `lot ${lot} was used already: some of it is in ${elsewhere?.account ?? own}`,
    {
      lot,
      state: 'used',
      account: elsewhere?.account ?? own,
    },
  );
}

async function infeedRefusal(
  { book, reference }: ActContext,
  lot: string,
  places: readonly LotPlace[],
): Promise<Refused | null> {
  for (const line of reference.lines) {
    const there = await book.infeed(line);
    const waits = places.find((place) => there.includes(place.account));
    if (waits === undefined) continue;
    return refused('wrong-state', `lot ${lot} is at the infeed of ${line}`, {
      lot,
      state: 'at-infeed',
      line,
    });
  }
  return null;
}
