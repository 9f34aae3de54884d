/** All of a delivery is refused, or part of it: it goes back with who brought it. */
import { account, accountKind, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotRefuseBody } from '@trame/protocol/material/lot-acts';
import type { Move } from '@trame/protocol/material/move';
import { recording, refused, type Decide, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { LotTable } from '../material/material-tables.ts';
import { movesOfShares } from '../material/shares.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { gramsAt, moreThanThere, nothingThere, openLot, placesOf, takeEvenly } from './lot-places.ts';

/** @param lot its id. */
export const refuseLot: Decide<LotRefuseBody> = async (context, body, lot) => {
  const { book, occurredAt } = context;
  const found = await openLot(book, lot);
  if (found.kind === 'refused') return found;
  const attachments = body.attachments ?? [];
  const wrong = await missingDocument(book, attachments);
  if (wrong !== null) return wrong;
  const part = await refusedPart(book, found.row, body);
  if (part.kind === 'refused') return part;
  const { grams, whole, moves } = part;
  const payload = { lot, grams, whole, reason: body.reason, note: body.note ?? '', attachments, moves };
  return recording(lot, [{ type: 'lot.refused', occurredAt, payload }], { number: found.row.number });
};

interface RefusedPart {
  readonly kind: 'part';
  /** Null: it was never weighed. */
  readonly grams: number | null;
  readonly whole: boolean;
  readonly moves: Move[];
}

async function refusedPart(
  book: MaterialBook,
  row: LotTable,
  body: Pick<LotRefuseBody, 'grams' | 'container'>,
): Promise<RefusedPart | Refused> {
  const { lot, receivedGrams, collector } = row;
  const asked = body.grams ?? null;
  const container = body.container ?? null;
  const all = await placesOf(book, lot);
  if (receivedGrams === null && asked === null && container === null && all.length === 0) {
    // It leaves as it came: nobody put it on a scale.
    return { kind: 'part', grams: null, whole: true, moves: [] };
  }
  if (receivedGrams === null && asked !== null && container === null && all.length === 0) {
    // Wet bags off a truck whose ticket is still to come: they go back with it, and are no part of the stock.
    const brought = collector ?? UNKNOWN_COLLECTOR;
    const moves = movesOfShares(account('collector', brought), account('returned', brought), [
      { lot, grams: asked },
    ]);
    return { kind: 'part', grams: asked, whole: false, moves };
  }
  if (container !== null && (await book.container(container)) === undefined) {
    return refused('unknown-container', `no container «${container}» is declared`, { container });
  }
  const places =
    container === null ? all : all.filter((place) => place.account === account('container', container));
  const thereGrams = gramsAt(places);
  const grams = asked ?? thereGrams;
  const wrong = nothingThere(row, thereGrams) ?? moreThanThere(lot, grams, thereGrams);
  if (wrong !== null) return wrong;
  const whole = grams === gramsAt(all) && (await neverWentOn(book, row, grams));
  const moves = takeEvenly(places, account('returned', collector ?? UNKNOWN_COLLECTOR), grams);
  return { kind: 'part', grams, whole, moves };
}

/** @returns whether nothing of it ever went further than its own place and containers. */
async function neverWentOn(
  book: MaterialBook,
  { lot, kind, receivedGrams, refusedGrams }: LotTable,
  grams: number,
): Promise<boolean> {
  if (kind !== 'received') return grams + refusedGrams === receivedGrams;
  const waiting = ['lot', 'container', 'collector', 'returned', 'water', 'difference'];
  const held = await book.whereabouts(lot);
  return held.every(({ account: place }) => waiting.includes(accountKind(place)) && !isOther(place, lot));
}

/** A lot that was made of it. */
function isOther(place: string, lot: string): boolean {
  return place.startsWith('lot:') && place !== account('lot', lot);
}
