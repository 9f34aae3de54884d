/**
 * The weight of a whole lot: the weighbridge says it late, or what was said before is set right. What is corrected
 * comes from where the lot came from, and changes what is left of it; what has gone on is not followed.
 */
import { account, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotWeighBody } from '@trame/protocol/material/act-bodies';
import type { Move, Share } from '@trame/protocol/material/move';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { LotTable } from '../material/material-tables.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { movesOfShares, shareOut, sum } from '../material/shares.ts';
import { gramsAt, openLot, placesOf, takeEvenly, type LotPlace } from './lot-places.ts';

/** What no movement of the site explains. */
const SITE_DIFFERENCE = account('difference', 'site');

/** @param lot its id. */
export const weighLot: Decide<LotWeighBody> = async (context, body, lot) => {
  const found = await openLot(context.book, lot);
  if (found.kind === 'refused') return found;
  const { row } = found;
  const wrong = orderRefusal(row, body.corrects);
  if (wrong !== null) return wrong;
  const resolved = await resolveWeight(context, body.weight, {
    tareGrams: null,
    use: 'reception',
    ...(body.corrects === undefined ? {} : { claimant: account('lot', lot) }),
  });
  if (resolved.kind === 'refused') return resolved;
  const { netGrams, weight, warnings } = resolved;
  const moves =
    row.receivedGrams === null
      ? [{ from: sourceOf(row), to: account('lot', lot), shares: [{ lot, grams: netGrams }] }]
      : await changeMoves(context, row, netGrams - row.receivedGrams);
  return recording(
    lot,
    [
      {
        type: 'lot.weighed',
        occurredAt: context.occurredAt,
        payload: {
          lot,
          netGrams,
          weight,
          reason: row.receivedGrams === null ? 'late' : 'correction',
          corrects: row.receivedGrams === null ? null : row.weightEvent,
          moves,
        },
      },
    ],
    { number: row.number, warnings },
  );
};

/** Two people who enter the same ticket must not make a correction of it. */
function orderRefusal(row: LotTable, corrects: string | undefined): Refused | null {
  const { lot, receivedGrams, weightEvent } = row;
  if (receivedGrams === null) {
    return corrects === undefined
      ? null
      : refused('wrong-state', `lot ${lot} has no weight to be corrected`, { lot, state: 'not-weighed' });
  }
  if (corrects === undefined) {
    return refused('already-done', `lot ${lot} weighs ${receivedGrams} g already: say what is corrected`, {
      lot,
      grams: receivedGrams,
    });
  }
  return corrects === weightEvent
    ? null
    : refused('wrong-state', `the weight of lot ${lot} is not that of «${corrects}» any more`, {
        lot,
        state: 'corrected',
      });
}

/** A part, a merged lot, goods that came back: what they were made of was weighed before. */
function sourceOf({ kind, collector }: LotTable): string {
  return kind === 'received' ? account('collector', collector ?? UNKNOWN_COLLECTOR) : SITE_DIFFERENCE;
}

async function changeMoves({ book }: ActContext, row: LotTable, changeGrams: number): Promise<Move[]> {
  if (changeGrams === 0) return [];
  const places = await placesOf(book, row.lot);
  const source = sourceOf(row);
  return changeGrams > 0
    ? comesIn(row, places, source, changeGrams)
    : goesBack(row, places, source, -changeGrams);
}

/** More than was thought: in what is left of it; when nothing is, nobody knows where it went. */
function comesIn(row: LotTable, places: readonly LotPlace[], source: string, grams: number): Move[] {
  const thereGrams = gramsAt(places);
  if (thereGrams === 0) {
    return source === SITE_DIFFERENCE
      ? []
      : movesOfShares(source, SITE_DIFFERENCE, [{ lot: row.lot, grams }]);
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
