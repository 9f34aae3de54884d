/** `POST /bales/{id}/missing`: stolen, or nobody finds it. */
import { account } from '@trame/protocol/material/accounts';
import type { ReasonBody } from '@trame/protocol/material/act-parts';
import { recording, type Decide } from '../material/decision.ts';
import { knownOutput } from './known-output.ts';
import { moveAll, outputAccount } from './output-account.ts';

export const loseBale: Decide<ReasonBody> = async (context, { reason = '' }, target) => {
  const known = await knownOutput(context, target, ['pressed', 'to-weigh', 'stock']);
  if (known.kind === 'refused') return known;
  const { output, number } = known.output;
  const from = outputAccount(known.output);
  const moves = moveAll(from, account('missing', 'site'), await context.book.contents(from));
  const { occurredAt } = context;
  return recording(output, [{ type: 'output.missing', occurredAt, payload: { output, reason, moves } }], {
    number,
  });
};
