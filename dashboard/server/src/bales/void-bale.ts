/** `POST /bales/{id}/void`: it never was. What it took is back where it came from; the event that made it stays. */
import type { ReasonBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { knownOutput } from './known-output.ts';
import { giveBack, netFlows, outputAccount } from './output-account.ts';

/** What was damaged, weighed again or lost and found since is undone with it. */
export const voidBale: Decide<ReasonBody> = async (context, { reason = '' }, target) => {
  const known = await knownOutput(context, target, ['started', 'pressed', 'to-weigh', 'stock']);
  if (known.kind === 'refused') return known;
  const { output, number, status, startEvent: corrects } = known.output;
  const own = outputAccount(known.output);
  const flows = netFlows(await context.book.postingsOf(own), own);
  const sources = [...flows.keys()].filter((other) => other.startsWith('output:'));
  if (sources.length > 0) {
    return refused('wrong-state', `${output} was pressed from ${sources.length} others: open it instead`, {
      output,
      number,
      state: status,
      sources: sources.length,
    });
  }
  const { moves, rest } = giveBack(known.output, await context.book.contents(own), flows);
  if (rest.length > 0) throw new Error(`${output} holds what never came into it`);
  const { occurredAt } = context;
  return fitting(
    recording(output, [{ type: 'output.voided', occurredAt, payload: { output, reason, corrects, moves } }], {
      number,
    }),
  );
};
