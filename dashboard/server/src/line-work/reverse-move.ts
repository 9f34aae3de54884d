/** A movement by hand that was told wrong goes back by its own shares. */
import { account, isHeld } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import type { PostingTable } from '../material/material-tables.ts';
import { joinShares, movesOfShares, sum } from '../material/shares.ts';
import { lineOfAccount } from './known-line.ts';
import { MovedContents } from './moved-contents.ts';

export interface Reversed {
  readonly kind: 'reversed';
  readonly moves: Move[];
  /** What lies where once they are carried out. */
  readonly after: MovedContents;
}

/**
 * What was used on meanwhile cannot go back: out of a place of a line it comes from the line's difference, out of
 * anything else it is refused.
 * @param event of `mass.moved`.
 */
export async function reverseMove({ book }: ActContext, event: string): Promise<Reversed | Refused> {
  const postings = await book.postings(event);
  if (postings.length === 0 || postings.some(({ type }) => type !== 'mass.moved')) {
    return refused('wrong-state', `«${event}» is no movement by hand that can be corrected`, {
      event,
      state: 'no-move',
    });
  }
  const already = await book.diary.correctedBy(event);
  if (already !== null) {
    return refused('already-done', `«${event}» was corrected by «${already}»`, { event, by: already });
  }
  const after = new MovedContents(book);
  const moves: Move[] = [];
  for (const { from, to, shares } of backwards(postings)) {
    const back = await giveBack(after, from, to, shares);
    if (back.kind === 'refused') return back;
    for (const move of back.moves) await after.carry(move);
    moves.push(...back.moves);
  }
  return { kind: 'reversed', moves, after };
}

interface Leg {
  readonly from: string;
  readonly to: string;
  readonly shares: Share[];
}

/** What came last goes back first; lots of one movement together. */
function backwards(postings: readonly PostingTable[]): Leg[] {
  const legs: Leg[] = [];
  for (const { fromAccount, toAccount, lot, grams } of postings.toReversed()) {
    const last = legs.at(-1);
    if (last !== undefined && last.from === toAccount && last.to === fromAccount) {
      last.shares.push({ lot, grams });
    } else {
      legs.push({ from: toAccount, to: fromAccount, shares: [{ lot, grams }] });
    }
  }
  return legs;
}

async function giveBack(
  book: MovedContents,
  from: string,
  to: string,
  shares: readonly Share[],
): Promise<{ readonly kind: 'back'; readonly moves: Move[] } | Refused> {
  if (!isHeld(from)) return { kind: 'back', moves: movesOfShares(from, to, shares) };
  const held = new Map((await book.contents(from)).map(({ lot, grams }) => [lot, grams]));
  const there: Share[] = [];
  const gone: Share[] = [];
  // A correction that went the same way twice brought the same lot twice.
  for (const { lot, grams } of joinShares(shares)) {
    const now = Math.min(grams, held.get(lot) ?? 0);
    if (now > 0) there.push({ lot, grams: now });
    if (grams > now) gone.push({ lot, grams: grams - now });
  }
  const line = lineOfAccount(from);
  if (gone.length > 0 && line === null) {
    return refused('more-than-there-is', `${sum(gone)} g of what came into ${from} are gone already`, {
      from,
      grams: sum(shares),
      thereGrams: sum(there),
    });
  }
  const missing = line === null ? [] : movesOfShares(account('difference', line), to, gone);
  return { kind: 'back', moves: [...movesOfShares(from, to, there), ...missing] };
}
