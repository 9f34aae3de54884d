/** A movement by hand that was told wrong goes back by its own shares. */
import { account, isHeld } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { PostingTable } from '../material/material-tables.ts';
import { movesOfShares, sum } from '../material/shares.ts';
import { lineOfAccount } from './known-line.ts';
import { MovedContents } from './moved-contents.ts';

/** One movement is set right no more often than this. */
const CORRECTIONS_MAX = 100;

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
  for (const { from, to, shares } of backwards(await told(book, event, postings))) {
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
  readonly shares: readonly Share[];
}

/** A correction took back what it corrected: only all of them together say what was moved in the end. Newest first. */
async function told(
  book: MaterialBook,
  event: string,
  postings: readonly PostingTable[],
): Promise<PostingTable[]> {
  const all = postings.toReversed();
  let before = await book.corrected(event);
  for (let n = 0; before !== null; n += 1) {
    if (n === CORRECTIONS_MAX) throw new Error(`«${event}» ends more than ${CORRECTIONS_MAX} corrections`);
    all.push(...(await book.postings(before)).toReversed());
    before = await book.corrected(before);
  }
  return all;
}

/** What went to and fro between two accounts is netted; what came last goes back first. */
function backwards(newestFirst: readonly PostingTable[]): Leg[] {
  const flows = new Map<string, { a: string; b: string; toB: Map<string, number> }>();
  for (const { fromAccount, toAccount, lot, grams } of newestFirst) {
    const forth = flows.get(`${toAccount} ${fromAccount}`);
    const back = flows.get(`${fromAccount} ${toAccount}`);
    const flow = forth ?? back ?? { a: toAccount, b: fromAccount, toB: new Map<string, number>() };
    if (forth === undefined && back === undefined) flows.set(`${toAccount} ${fromAccount}`, flow);
    flow.toB.set(lot, (flow.toB.get(lot) ?? 0) + (back === undefined ? grams : -grams));
  }
  return [...flows.values()].flatMap(({ a, b, toB }) => [
    ...legOf(a, b, [...toB]),
    ...legOf(
      b,
      a,
      [...toB].map(([lot, grams]) => [lot, -grams]),
    ),
  ]);
}

function legOf(from: string, to: string, flow: readonly (readonly [string, number])[]): Leg[] {
  const shares = flow.filter(([, grams]) => grams > 0).map(([lot, grams]) => ({ lot, grams }));
  return shares.length === 0 ? [] : [{ from, to, shares }];
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
  for (const { lot, grams } of shares) {
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
