/** What is put on a line: a lot is where its parts lie, a container is all that is in it. */
import { accountKind, accountName } from '@trame/protocol/material/accounts';
import type { Move } from '@trame/protocol/material/move';
import { usableContainer } from '../containers/usable-container.ts';
import { gramsAt, nothingThere, openLot, placesOf, type LotPlace } from '../lots/lot-places.ts';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import { movesOfShares } from '../material/shares.ts';

export type InfeedPlaces = { readonly kind: 'places'; readonly places: readonly LotPlace[] } | Refused;

/** @returns every place once; each holds something. */
export async function infeedPlaces({ book }: ActContext, from: readonly string[]): Promise<InfeedPlaces> {
  const places = new Map<string, LotPlace>();
  for (const name of from) {
    const found = await placesIn(book, name);
    if (found.kind === 'refused') return found;
    for (const place of found.places) {
      const before = places.get(place.account);
      // Named itself, a container goes on whole.
      if (before === undefined || place.alone) places.set(place.account, place);
    }
  }
  return { kind: 'places', places: [...places.values()] };
}

async function placesIn(book: MaterialBook, name: string): Promise<InfeedPlaces> {
  const thing = accountName(name);
  switch (accountKind(name)) {
    case 'lot': {
      const found = await openLot(book, thing);
      if (found.kind === 'refused') return found;
      const places = await placesOf(book, thing);
      return nothingThere(found.row, gramsAt(places)) ?? { kind: 'places', places };
    }
    case 'container': {
      const usable = await usableContainer(book, thing);
      if (usable.kind === 'refused') return usable;
      const contents = await book.contents(name);
      return contents.length === 0
        ? refused('nothing-there', `container «${thing}» is empty`, { container: thing })
        : { kind: 'places', places: [{ account: name, contents, alone: true }] };
    }
    default:
      return refused('unknown-account', `${name} is no lot and no container`, { account: name });
  }
}

/** @returns the movement of all of it. */
export function moveWhole({ account: from, contents, alone }: LotPlace, to: string): Move[] {
  return alone ? [{ from, to, shares: null }] : movesOfShares(from, to, contents);
}
