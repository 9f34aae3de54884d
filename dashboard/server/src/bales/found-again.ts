/** What a missing output takes with it when it is there again: what went missing with it, and nothing else. */
import { account } from '@trame/protocol/material/accounts';
import type { Move } from '@trame/protocol/material/move';
import type { ActContext } from '../material/decision.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { movesOfShares } from '../material/shares.ts';
import { outputAccount, stillAt } from './output-account.ts';

export interface FoundAgain {
  readonly moves: Move[];
  /** Event that said it was missing, as far as it moved something. */
  readonly corrects: string | null;
}

export async function foundAgain(
  { book }: ActContext,
  output: Pick<OutputTable, 'output'>,
): Promise<FoundAgain> {
  const own = outputAccount(output);
  const missing = account('missing', 'site');
  // What was lost by damage is not found with the rest.
  const postings = (await book.postingsOf(own)).filter(({ type }) => type !== 'output.damaged');
  const lost = postings.filter(({ toAccount }) => toAccount === missing).at(-1);
  return {
    moves: movesOfShares(missing, own, stillAt(postings, own, missing)),
    corrects: lost?.event ?? null,
  };
}
