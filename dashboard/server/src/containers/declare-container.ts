/** Cage, trolley, pallet, skip or big-bag: a name on it, and its tare, so that what is in it can be weighed. */
import { account } from '@trame/protocol/material/accounts';
import type { ContainerBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { sum } from '../material/shares.ts';

/** Declared again, it is changed: what was weighed before keeps the tare that it was weighed with. */
export const declareContainer: Decide<ContainerBody> = async (context, body) => {
  const { container, kind, tareGrams } = body;
  const before = await context.book.container(container);
  const retired = body.retired ?? before?.retired === 1;
  const grams = sum(await context.book.contents(account('container', container)));
  if (retired && grams > 0) {
    return refused('not-empty', `«${container}» still holds ${grams} g`, { container, grams });
  }
  return recording(container, [
    {
      type: 'container.declared',
      occurredAt: context.occurredAt,
      payload: {
        container,
        kind,
        tareGrams,
        volumeLitres: body.volumeLitres === undefined ? (before?.volumeLitres ?? null) : body.volumeLitres,
        retired,
      },
    },
  ]);
};
