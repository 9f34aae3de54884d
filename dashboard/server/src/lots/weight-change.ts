/** What another weight of a lot moves: out of where it came from into what is left of it, or back. */
import { account, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotReceived } from '@trame/protocol/material/lot-events';
import type { Move, Share } from '@trame/protocol/material/move';
import type { ActContext } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { LotTable } from '../material/material-tables.ts';
import { movesOfShares, shareOut, sum } from '../material/shares.ts';
import { knownNow } from './known-now.ts';
import { gramsAt, placesOf, takeEvenly, type LotPlace } from './lot-places.ts';

export type Load = LotReceived['loads'][number];

/** What no movement of the site explains. */
const SITE_DIFFERENCE = account('difference', 'site');

/** A part, a merged lot, goods that came back: what they were made of was weighed before. */
function sourceOf({ kind, collector }: LotTable): string {
  return kind === 'received' ? account('collector', collector ?? UNKNOWN_COLLECTOR) : SITE_DIFFERENCE;
}

/** @param grams what of the ticket was not refused before. */
export function lateMoves(row: LotTable, grams: number): Move[] {
  const { lot, status, collector } = row;
  const to = status === 'refused' ? account('returned', collector ?? UNKNOWN_COLLECTOR) : account('lot', lot);
  return movesOfShares(sourceOf(row), to, grams === 0 ? [] : [{ lot, grams }]);
}

/**
 * @param changeGrams signed.
 * @param load the weighing that was wrong: what others weighed right stays; null: the whole lot was weighed again.
 */
export async function changeMoves(
  context: ActContext,
  row: LotTable,
  changeGrams: number,
  load: Load | null,
): Promise<Move[]> {
  if (changeGrams === 0) return [];
  const all = await placesNow(context.book, row);
  const of = load === null ? null : placeOfLoad(row, load);
  const places = of === null || row.status !== 'open' ? all : all.filter((place) => place.account === of);
  const source = sourceOf(row);
  return changeGrams > 0
    ? comesIn(context, row, places, source, changeGrams)
    : goesBack(row, places, source, -changeGrams);
}

function placeOfLoad({ lot }: LotTable, { container }: Load): string {
  return container === null ? account('lot', lot) : account('container', container);
}

/** Where what left its own name is: with who brought it, or in the lot that was made of it. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  refused: ['returned:'],
  returned: ['returned:'],
  merged: ['lot:', 'container:'],
};

async function placesNow(book: MaterialBook, { lot, status }: LotTable): Promise<readonly LotPlace[]> {
  const kinds = ELSEWHERE[status];
  if (kinds === undefined) return placesOf(book, lot);
  return (await book.whereabouts(lot))
    .filter(({ account: place, grams }) => grams > 0 && kinds.some((kind) => place.startsWith(kind)))
    .map(({ account: place, grams }) => ({ account: place, contents: [{ lot, grams }], alone: false }));
}

/** More than was thought: in what is left of it; when nothing is, nobody knows where it went. */
async function comesIn(
  context: ActContext,
  row: LotTable,
  places: readonly LotPlace[],
  source: string,
  grams: number,
): Promise<Move[]> {
  const thereGrams = gramsAt(places);
  if (thereGrams === 0) {
    if (source === SITE_DIFFERENCE) return [];
    const known = await knownNow(context, row.lot, source, grams);
    const rest = grams - known.grams;
    return [
      ...known.moves,
      ...movesOfShares(source, SITE_DIFFERENCE, rest === 0 ? [] : [{ lot: row.lot, grams: rest }]),
    ];
  }
  const weights = places.map((place) => ({ lot: place.account, grams: sum(place.contents) }));
  const parts = new Map(shareOut(weights, grams).map((part) => [part.lot, part.grams]));
  return places.flatMap(({ account: to, contents }) => {
    const part = parts.get(to) ?? 0;
    // A part or a merged lot grows by the lots that it is made of.
    const shares = row.kind === 'received' ? [{ lot: row.lot, grams: part }] : shareOut(contents, part);
    return part === 0 ? [] : movesOfShares(source, to, shares);
  });
}

/** Less than was thought: out of what is left of it, and where that is not enough, nobody knows from where. */
function goesBack(row: LotTable, places: readonly LotPlace[], source: string, grams: number): Move[] {
  const own = places.map((place) => ({ ...place, contents: ofLot(row, place) })).filter(holdsAny);
  const takenGrams = Math.min(grams, gramsAt(own));
  const missing = grams - takenGrams;
  return [
    ...(takenGrams === 0 ? [] : takeEvenly(own, source, takenGrams)),
    ...(missing === 0 || source === SITE_DIFFERENCE
      ? []
      : movesOfShares(SITE_DIFFERENCE, source, [{ lot: row.lot, grams: missing }])),
  ];
}

/** What others brought stays theirs, though it was poured in. */
function ofLot({ kind, lot }: LotTable, { contents }: LotPlace): readonly Share[] {
  return kind === 'received' ? contents.filter((share) => share.lot === lot) : contents;
}

function holdsAny({ contents }: LotPlace): boolean {
  return contents.length > 0;
}
