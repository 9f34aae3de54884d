/** `POST /bales/{id}/label`: a label is printed, printed again, or a pre-printed one is bound by scanning it. */
import type { BaleLabelBody } from '@trame/protocol/material/bale-acts';
import type { OutputStatus } from '@trame/protocol/material/material-names';
import type { MaterialPayloads } from '@trame/protocol/material/material-payloads';
import { recording, refused, type Decide } from '../material/decision.ts';
import { knownOutput } from './known-output.ts';
import { codeToBind, newCode, printerOf } from './output-code.ts';

const LABELLED: readonly OutputStatus[] = ['started', 'pressed', 'to-weigh', 'stock', 'loaded'];

/** Without a GS1 prefix the label bears the output's own id; its QR holds the address under one's own domain. */
export const labelBale: Decide<BaleLabelBody> = async (context, body, target) => {
  const known = await knownOutput(context, target, LABELLED);
  if (known.kind === 'refused') return known;
  const { output, number, press, code } = known.output;
  const printer = body.printer ?? null;
  if (printer !== null && !context.reference.printers.some(({ id }) => id === printer))
    return refused('unknown-printer', `no printer «${printer}»`, { printer });
  const labelled = (payload: Omit<MaterialPayloads['output.labelled'], 'output'>) =>
    recording(
      output,
      [{ type: 'output.labelled', occurredAt: context.occurredAt, payload: { output, ...payload } }],
      { number },
    );
  if (body.code != null) {
    const bound = await codeToBind(context, body.code, output);
    if (bound.kind === 'refused') return bound;
    if (bound.code === code)
      return refused('already-done', `${output} bears this label already`, { output, number, code });
    return labelled({ code: bound.code, how: 'bound', printer: null });
  }
  const on = printer ?? printerOf(context, press);
  if (code !== null) return labelled({ code, how: 'reprinted', printer: on });
  const made = (await newCode(context, number)) ?? output;
  return labelled({ code: made, how: 'printed', printer: on });
};
