/** The belt or the tables are empty, or somebody says how much lies there: the book takes over what was seen. */
import { account, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { LineEmptyBody } from '@trame/protocol/material/line-acts';
import type { Move, Share } from '@trame/protocol/material/move';
import { recording, type ActContext, type Decide } from '../material/decision.ts';
import { movesOfShares, sum, takeMoves } from '../material/shares.ts';
import { lineRefusal } from './known-line.ts';

/** What the book has too much of goes to the line's difference, what it has too little of comes from there. */
export const emptyLine: Decide<LineEmptyBody> = async (context, body, line) => {
  const wrong = lineRefusal(context, line);
  if (wrong !== null) return wrong;
  const contents = await context.book.contents(account('line', line));
  const bookedGrams = sum(contents);
  const remainingGrams = body.remainingGrams ?? 0;
  const moves = await differenceMoves(context, line, contents, remainingGrams);
  const payload = { line, bookedGrams, remainingGrams, note: body.note ?? '', moves };
  return recording(line, [{ type: 'line.emptied', occurredAt: context.occurredAt, payload }]);
};

async function differenceMoves(
  { book }: ActContext,
  line: string,
  contents: readonly Share[],
  remainingGrams: number,
): Promise<Move[]> {
  const belt = account('line', line);
  const difference = account('difference', line);
  const bookedGrams = sum(contents);
  if (bookedGrams > 0 && remainingGrams === 0) return [{ from: belt, to: difference, shares: null }];
  if (bookedGrams >= remainingGrams) {
    return takeMoves(belt, difference, contents, bookedGrams - remainingGrams);
  }
  // What went missing here before turns up first.
  const missing = remainingGrams - bookedGrams;
  const lost = await book.contents(difference);
  const found = Math.min(missing, sum(lost));
  const rest = missing - found;
  return [
    ...takeMoves(difference, belt, lost, found),
    ...movesOfShares(difference, belt, rest === 0 ? [] : [{ lot: UNKNOWN_LOT, grams: rest }]),
  ];
}
