/** `POST /bales/{id}/damage`: torn, soaked, burst; it stays in stock without what was lost of it. */
import { account } from '@trame/protocol/material/accounts';
import type { BaleDamageBody } from '@trame/protocol/material/bale-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { sum, takeMoves } from '../material/shares.ts';
import { missingDocument } from '../notes/stored-documents.ts';
import { knownOutput } from './known-output.ts';
import { outputAccount } from './output-account.ts';

/** What is lost is missing: nobody ships it and nobody sorts it again. */
export const damageBale: Decide<BaleDamageBody> = async (
  context,
  { lostGrams = 0, reason = '', attachments = [] },
  target,
) => {
  const unsent = await missingDocument(context.book, attachments);
  if (unsent !== null) return unsent;
  const known = await knownOutput(context, target, ['pressed', 'to-weigh', 'stock']);
  if (known.kind === 'refused') return known;
  const { output, number } = known.output;
  const from = outputAccount(known.output);
  const contents = await context.book.contents(from);
  const thereGrams = sum(contents);
  if (lostGrams > 0 && lostGrams >= thereGrams) {
    return refused(
      'more-than-there-is',
      `${output} holds ${thereGrams} g, ${lostGrams} g cannot be lost of it; all of it lost is missing`,
      { output, number, thereGrams, grams: lostGrams },
    );
  }
  const moves = takeMoves(from, account('missing', 'site'), contents, lostGrams);
  const { occurredAt } = context;
  const payload = { output, lostGrams, reason, attachments: [...attachments], moves };
  return fitting(recording(output, [{ type: 'output.damaged', occurredAt, payload }], { number }));
};
