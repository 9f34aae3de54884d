/** Where what waits of a lot lies: loose in the lot itself, and in containers. */
import { account } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { refused, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { LotTable } from '../material/material-tables.ts';
import { shareOut, sum, takeMoves } from '../material/shares.ts';

export interface LotPlace {
  readonly account: string;
  /** Of the lot: of a container that holds several lots, only its own part. */
  readonly contents: readonly Share[];
  /** Whether nothing else lies there. */
  readonly alone: boolean;
}

/** @returns places that hold something of it: the lot itself first, then containers by name. */
export async function placesOf(book: MaterialBook, lot: string): Promise<LotPlace[]> {
  const own = account('lot', lot);
  const loose = await book.contents(own);
  const places: LotPlace[] = loose.length === 0 ? [] : [{ account: own, contents: loose, alone: true }];
  for (const { account: place, grams } of await book.whereabouts(lot)) {
    if (!place.startsWith('container:') || grams <= 0) continue;
    const alone = (await book.contents(place)).length === 1;
    places.push({ account: place, contents: [{ lot, grams }], alone });
  }
  return places;
}

export function gramsAt(places: readonly LotPlace[]): number {
  return places.reduce((total, { contents }) => total + sum(contents), 0);
}

/**
 * @param grams to take; at most what is there.
 * @returns movements out of every place in proportion to what is left of the lot there.
 */
export function takeEvenly(places: readonly LotPlace[], to: string, grams: number): Move[] {
  const held = places.map(({ account: lot, contents }) => ({ lot, grams: sum(contents) }));
  const parts = new Map(shareOut(held, grams).map((part) => [part.lot, part.grams]));
  return places.flatMap(({ account: from, contents }) => takeMoves(from, to, contents, parts.get(from) ?? 0));
}

export type OpenLot = { readonly kind: 'lot'; readonly row: LotTable } | Refused;

/** @returns a lot that something can still be done with. */
export async function openLot(book: MaterialBook, lot: string): Promise<OpenLot> {
  const row = await book.lot(lot);
  if (row === undefined) return refused('unknown-lot', `no lot «${lot}»`, { lot });
  if (row.status !== 'open') {
    return refused('wrong-state', `lot ${lot} is ${row.status}`, { lot, state: row.status });
  }
  return { kind: 'lot', row };
}

/** @returns the refusal of a lot of which nothing is there to be taken; null: something is. */
export function nothingThere(row: LotTable, grams: number): Refused | null {
  if (grams > 0) return null;
  const { lot } = row;
  return row.receivedGrams === null
    ? refused('not-weighed', `lot ${lot} waits for its weight: state one first, estimated if need be`, {
        lot,
      })
    : refused('nothing-there', `nothing of lot ${lot} is left`, { lot });
}

export function moreThanThere(lot: string, grams: number, thereGrams: number): Refused | null {
  return grams <= thereGrams
    ? null
    : refused('more-than-there-is', `${grams} g of ${lot}, and ${thereGrams} g are there`, {
        from: lot,
        grams,
        thereGrams,
      });
}
