/** `POST /bales/{id}/press`: out of the press, to be weighed; or into stock by count where there is no scale. */
import type { BalePressBody } from '@trame/protocol/material/bale-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { knownOutput } from './known-output.ts';
import { firstLabel } from './output-code.ts';
import { chosenZone, placing } from './output-zone.ts';

export const pressBale: Decide<BalePressBody> = async (context, { toWeigh = false }, target) => {
  const known = await knownOutput(context, target, ['started', 'pressed']);
  if (known.kind === 'refused') return known;
  const { output, number, status, zone } = known.output;
  if (status === 'pressed' && !toWeigh) {
    return refused('already-done', `${output} is out of the press already`, { output, number });
  }
  const { occurredAt } = context;
  const pressed = { type: 'output.pressed', occurredAt, payload: { output, toWeigh } } as const;
  if (!toWeigh) return recording(output, [pressed], { number });
  const chosen = chosenZone(context, zone ?? undefined);
  const placed = await placing(context, output, chosen.kind === 'zone' ? chosen.zone : null, 0);
  const label = await firstLabel(context, known.output);
  return recording(output, [pressed, ...label, ...placed.drafts], { number, warnings: placed.warnings });
};
