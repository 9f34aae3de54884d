/** `POST /bales/{id}/examine`: its moisture was measured, or its condition judged. What was said wrongly is said again. */
import type { BaleExamineBody } from '@trame/protocol/material/bale-acts';
import { OUTPUT_STATUSES } from '@trame/protocol/material/material-names';
import { recording, refused, type Decide } from '../material/decision.ts';
import { knownOutput } from './known-output.ts';

/** Samples come back from a laboratory when the output has left, or was pressed again. */
const EXAMINED = OUTPUT_STATUSES.filter((status) => status !== 'voided');

export const examineBale: Decide<BaleExamineBody> = async (
  context,
  { moisturePercent = null, grade = null, note = '' },
  target,
) => {
  const known = await knownOutput(context, target, EXAMINED);
  if (known.kind === 'refused') return known;
  const { output, number } = known.output;
  if (moisturePercent === null && grade === null)
    return refused('nothing-said', 'neither its moisture nor its condition is said', { output, number });
  const hundredths = moisturePercent === null ? null : Math.round(moisturePercent * 100);
  const payload = {
    output,
    moisturePercent: hundredths === null ? null : hundredths / 100,
    grade,
    note,
  };
  const { occurredAt } = context;
  return recording(output, [{ type: 'output.examined', occurredAt, payload }], { number });
};
