/**
 * A wrong weight set right: what it moved is moved back by its own shares, and the right one takes anew. A weight that
 * was a correction itself goes back together with what it corrected, so that nothing wrong stays behind.
 */
import { account, binAccount } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import type { OutputTable, PostingTable } from '../material/material-tables.ts';
import { movesOfShares, sum } from '../material/shares.ts';
import {
  changeMoves,
  giveBack,
  netFlows,
  outputAccount,
  stillAt,
  takeAgain,
  type Contents,
} from './output-account.ts';

const AWAY = ['client:', 'subcontractor:'];
/** Corrections of corrections that are followed back. */
const CHAIN_MAX = 50;

export interface CorrectedMoves {
  readonly kind: 'moves';
  readonly moves: Move[];
  /** Less what the wrong one said; signed. */
  readonly changeGrams: number;
  readonly shortGrams: number;
}

/**
 * @param event the weighing that was wrong: the one that holds.
 * @param there what lies where when this is carried into the book.
 */
export async function correctedMoves(
  context: ActContext,
  output: OutputTable,
  event: string,
  netGrams: number,
  there: Contents = context.book,
): Promise<CorrectedMoves | Refused> {
  const own = outputAccount(output);
  const postings = await context.book.postingsOf(own);
  const away = output.status === 'shipped' ? await placeAway(context, output) : null;
  const contents = away === null ? await context.book.contents(own) : stillAt(postings, own, away);
  const lacking = away === null ? null : await lackingAt(context, output, away, contents);
  if (lacking !== null) return lacking;
  const wrongGrams = (await context.book.diary.weighedGrams(event)) ?? output.netGrams ?? 0;
  // What was damaged since stays lost.
  const lostGrams = Math.max(0, wrongGrams - (output.netGrams ?? wrongGrams));
  const holdsGrams = netGrams - lostGrams;
  if (holdsGrams <= 0) return lessThanLost(output, netGrams, lostGrams);

  const chain = await chainOf(context, event);
  const flows = netFlows(
    postings.filter((posting) => chain.has(posting.event) && !isJourney(posting)),
    own,
  );
  const given = giveBack(output, contents, flows);
  const anew =
    given.rest.length === 0
      ? await takeAgain(there, output, await binsOf(context, output, flows), holdsGrams, given.back)
      : { moves: changeMoves(output, given.rest, holdsGrams - sum(given.rest)), shortGrams: 0 };
  const inside = [...given.moves, ...anew.moves];
  const moves =
    away === null
      ? inside
      : [...movesOfShares(away, own, contents), ...inside, { from: own, to: away, shares: null }];
  return { kind: 'moves', moves, changeGrams: netGrams - wrongGrams, shortGrams: anew.shortGrams };
}

/** The bin that it came out of, or would have; of what was of another outlet then, only the one that is known. */
async function binsOf(
  { book }: ActContext,
  output: OutputTable,
  flows: ReadonlyMap<string, unknown>,
): Promise<string[]> {
  const bins = [...flows.keys()].filter((name) => name.startsWith('bin:'));
  if (bins.length > 0) return bins;
  const other = await book.diary.latest(outputAccount(output), ['output.reclassified']);
  return other === null ? [binAccount(output.line, output.outlet)] : [];
}

function lessThanLost({ output }: OutputTable, grams: number, lostGrams: number): Refused {
  return refused('more-than-there-is', `${output} lost ${lostGrams} g, it cannot have weighed ${grams} g`, {
    output,
    grams,
    lostGrams,
  });
}

/** A correction of what is away carries it here and back: that is no source of it. */
function isJourney({ fromAccount, toAccount }: PostingTable): boolean {
  return [fromAccount, toAccount].some((name) => AWAY.some((kind) => name.startsWith(kind)));
}

async function chainOf({ book }: ActContext, event: string): Promise<Set<string>> {
  const chain = new Set<string>();
  let next: string | null = event;
  while (next !== null && chain.size < CHAIN_MAX && !chain.has(next)) {
    chain.add(next);
    next = await book.corrected(next);
  }
  return chain;
}

/** @returns the account to which a shipped output went. */
async function placeAway({ book }: ActContext, { output, shipment }: OutputTable): Promise<string> {
  const found = shipment === null ? undefined : await book.shipment(shipment);
  if (found === undefined) throw new Error(`${output} is shipped, and its shipment is not known`);
  return account(found.purpose === 'subcontract' ? 'subcontractor' : 'client', found.partner);
}

/** What a subcontractor has sent back, sorted, can no longer be said to have weighed otherwise on its way there. */
async function lackingAt(
  { book }: ActContext,
  { output }: OutputTable,
  away: string,
  shares: readonly Share[],
): Promise<Refused | null> {
  if (!away.startsWith('subcontractor:')) return null;
  const there = new Map((await book.contents(away)).map(({ lot, grams }) => [lot, grams]));
  const missing = shares.reduce(
    (grams, share) => grams + Math.max(0, share.grams - (there.get(share.lot) ?? 0)),
    0,
  );
  if (missing === 0) return null;
  return refused('more-than-there-is', `${missing} g of ${output} are no longer at ${away}`, {
    output,
    missingGrams: missing,
  });
}
