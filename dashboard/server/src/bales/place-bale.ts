/** `POST /bales/{id}/place`: an output is put into a zone, or moved into another. */
import type { PlaceBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { zoneOf } from '../material/reference.ts';
import { knownOutput } from './known-output.ts';
import { placing } from './output-zone.ts';

export const placeBale: Decide<PlaceBody> = async (context, { zone }, target) => {
  if (zoneOf(context.reference, zone) === undefined)
    return refused('unknown-zone', `no zone «${zone}»`, { zone });
  const known = await knownOutput(context, target, ['started', 'pressed', 'to-weigh', 'stock']);
  if (known.kind === 'refused') return known;
  const { output, number, netGrams } = known.output;
  const isThere = known.output.zone === zone && known.output.status !== 'started';
  const { drafts, warnings } = await placing(context, output, zone, isThere ? 0 : (netGrams ?? 0));
  return recording(output, drafts, { number, warnings });
};
