/**
 * `POST /bales/{id}/reclassify`: it is of another outlet than was said. Its code, place and content stay; its kilograms
 * move from one outlet to the other in the reports. Once it has left, its journal says when, and the answer that it left
 * as another.
 */
import type { BaleReclassifyBody } from '@trame/protocol/material/bale-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { outletOf } from '../material/reference.ts';
import { knownOutput } from './known-output.ts';

export const reclassifyBale: Decide<BaleReclassifyBody> = async (
  context,
  { outlet, reason = '' },
  target,
) => {
  if (outletOf(context.reference, outlet) === undefined)
    return refused('unknown-outlet', `no outlet «${outlet}»`, { outlet });
  const { occurredAt } = context;
  const known = await knownOutput(context, target, ['started', 'pressed', 'to-weigh', 'stock', 'shipped']);
  if (known.kind === 'refused') return known;
  const { output, number, outlet: from, status } = known.output;
  if (from === outlet)
    return refused('already-done', `${output} is of outlet «${outlet}» already`, { output, number, outlet });
  return recording(
    output,
    [{ type: 'output.reclassified', occurredAt, payload: { output, from, outlet, reason } }],
    // Its papers said otherwise.
    { number, warnings: status === 'shipped' ? ['left-as-another'] : [] },
  );
};
