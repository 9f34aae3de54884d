/** Taken off a line again: it is at the infeed no more, and what of it lay there unsorted goes back into it. */
import { account, accountKind, accountName } from '@trame/protocol/material/accounts';
import type { LineUnloadBody } from '@trame/protocol/material/line-acts';
import type { Move } from '@trame/protocol/material/move';
import { moreThanThere } from '../lots/lot-places.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { sum, takeMoves, withoutShares } from '../material/shares.ts';
import { lineRefusal } from './known-line.ts';
import { movableRefusal } from './movable-account.ts';

/** Movements onto the line that are looked at to know what a place had brought. */
const BROUGHT_MAX = 1_000;

export const unloadLine: Decide<LineUnloadBody> = async (context, body, line) => {
  const wrong = lineRefusal(context, line) ?? (await placeRefusal(context, body.from));
  if (wrong !== null) return wrong;
  const { from } = body;
  const grams = body.grams ?? 0;
  if (grams === 0 && !(await context.book.infeed(line)).includes(from)) {
    return refused('wrong-state', `${from} is not at the infeed of ${line}: say how much goes back`, {
      account: from,
      line,
      state: 'not-at-infeed',
    });
  }
  const moves = await movesBack(context, line, from, grams);
  if ('kind' in moves) return moves;
  const payload = { line, from, grams, note: body.note ?? '', moves };
  return recording(line, [{ type: 'line.unloaded', occurredAt: context.occurredAt, payload }]);
};

async function placeRefusal(context: ActContext, name: string): Promise<Refused | null> {
  return ['lot', 'container'].includes(accountKind(name))
    ? movableRefusal(context, name)
    : refused('unknown-account', `${name} is no lot and no container`, { account: name });
}

/** First of the lot itself and of those that this place had brought, which are known by sight; then of whatever lies there. */
async function movesBack(
  { book }: ActContext,
  line: string,
  to: string,
  grams: number,
): Promise<Move[] | Refused> {
  const from = account('line', line);
  const there = await book.contents(from);
  const wrong = moreThanThere(from, grams, sum(there));
  if (wrong !== null) return wrong;
  const brought = new Set([
    accountName(to),
    ...(await book.postingsInto(from, BROUGHT_MAX))
      .filter(({ fromAccount }) => fromAccount === to)
      .map(({ lot }) => lot),
  ]);
  const own = there.filter(({ lot }) => brought.has(lot));
  const first = Math.min(grams, sum(own));
  return [
    ...takeMoves(from, to, own, first),
    ...takeMoves(from, to, withoutShares(there, own), grams - first),
  ];
}
