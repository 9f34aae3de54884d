/**
 * More of a lot came than was thought, and it is used up: what was weighed out of the line beyond what the book had
 * there was of this lot. Outputs and bins that hold some of it, and something that nobody knows, know it now.
 */
import { account, accountName, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { Move } from '@trame/protocol/material/move';
import { lineOfAccount } from '../line-work/known-line.ts';
import type { ActContext } from '../material/decision.ts';
import { movesOfShares } from '../material/shares.ts';

/** Places that one ticket clears up; of what is left, nobody knows where it went. */
const PLACES_MAX = 40;

export interface KnownNow {
  readonly moves: Move[];
  readonly grams: number;
}

/** @returns movements of at most so many grams; what each place holds in all stays as it is. */
export async function knownNow(
  context: ActContext,
  lot: string,
  source: string,
  grams: number,
): Promise<KnownNow> {
  const { book } = context;
  const own = new Set(
    (await book.whereabouts(lot)).filter((place) => place.grams > 0).map((place) => place.account),
  );
  const places = (await book.whereabouts(UNKNOWN_LOT)).filter(
    (place) => place.grams > 0 && own.has(place.account) && /^(?:output|bin):/u.test(place.account),
  );
  const moves: Move[] = [];
  let left = grams;
  for (const place of places.slice(0, PLACES_MAX)) {
    const line = await lineOf(context, place.account);
    const now = Math.min(left, place.grams);
    if (now === 0 || line === null) continue;
    const difference = account('difference', line);
    const known = [{ lot, grams: now }];
    moves.push(
      ...movesOfShares(source, difference, known),
      ...movesOfShares(difference, place.account, known),
      ...movesOfShares(place.account, difference, [{ lot: UNKNOWN_LOT, grams: now }]),
    );
    left -= now;
  }
  return { moves, grams: grams - left };
}

/** @returns null where the infeed scale counts what goes on: a ticket says nothing about what is on such a line. */
async function lineOf({ book, reference }: ActContext, place: string): Promise<string | null> {
  const line = place.startsWith('output:')
    ? ((await book.output(accountName(place)))?.line ?? null)
    : lineOfAccount(place);
  return line === null || reference.countedInfeeds.has(line) ? null : line;
}
