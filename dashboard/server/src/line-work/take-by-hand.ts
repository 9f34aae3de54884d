/**
 * What is moved by weight or by guess. Places of a line are known by what was weighed out of them: when the book has
 * less there, the rest comes from the line and then from its difference, in plain sight. Of anything else nobody takes
 * more than there is.
 */
import { account, accountKind, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { refused, type Refused } from '../material/decision.ts';
import { movesOfShares, sum, takeMoves } from '../material/shares.ts';
import { lineOfAccount } from './known-line.ts';

export interface TakenByHand {
  readonly kind: 'taken';
  readonly moves: Move[];
  /** What the book had nowhere; 0: it had all of it. */
  readonly shortGrams: number;
}

export async function takeByHand(
  book: { contents(account: string): Promise<Share[]> },
  from: string,
  to: string,
  grams: number,
): Promise<TakenByHand | Refused> {
  const line = lineOfAccount(from) ?? lineOfAccount(to);
  const sources = [from];
  if (accountKind(from) === 'bin' && line !== null && to !== account('line', line)) {
    sources.push(account('line', line));
  }
  const moves: Move[] = [];
  let left = grams;
  for (const source of sources) {
    const contents = await book.contents(source);
    const now = Math.min(left, sum(contents));
    moves.push(...takeMoves(source, to, contents, now));
    left -= now;
  }
  if (left > 0 && line === null) {
    return refused('more-than-there-is', `${grams} g from ${from}, and ${grams - left} g are there`, {
      from,
      grams,
      thereGrams: grams - left,
    });
  }
  const rest = left === 0 ? [] : [{ lot: UNKNOWN_LOT, grams: left }];
  if (line !== null) moves.push(...movesOfShares(account('difference', line), to, rest));
  return { kind: 'taken', moves, shortGrams: left };
}
