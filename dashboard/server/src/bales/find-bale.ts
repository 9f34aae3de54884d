/** `POST /bales/{id}/found`: what was missing is there again. */
import type { BaleFoundBody } from '@trame/protocol/material/bale-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { foundAgain } from './found-again.ts';
import { knownOutput } from './known-output.ts';
import { chosenZone } from './output-zone.ts';

export const findBale: Decide<BaleFoundBody> = async (context, body, target) => {
  const chosen = chosenZone(context, body.zone);
  if (chosen.kind === 'refused') return chosen;
  const known = await knownOutput(context, target, ['missing']);
  if (known.kind === 'refused') {
    return known.code === 'unknown-output'
      ? known
      : refused(known.code, `${target} is not missing`, known.params);
  }
  const { output, number, netGrams } = known.output;
  const zone = chosen.zone ?? known.output.zone;
  const { moves, corrects } = await foundAgain(context, known.output);
  const warnings = await zoneWarnings(context, zone, netGrams ?? 0, 'outside');
  const { occurredAt } = context;
  return fitting(
    recording(output, [{ type: 'output.found', occurredAt, payload: { output, zone, corrects, moves } }], {
      number,
      warnings,
    }),
  );
};
