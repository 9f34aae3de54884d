/** A container stands in another zone, with what is in it. */
import { account } from '@trame/protocol/material/accounts';
import type { PlaceBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { zoneOf } from '../material/reference.ts';
import { zoneWarnings } from '../material/zone-fill.ts';
import { usableContainer } from './usable-container.ts';

/** @param container its name. */
export const placeContainer: Decide<PlaceBody> = async (context, { zone }, container) => {
  const usable = await usableContainer(context.book, container);
  if (usable.kind === 'refused') return usable;
  if (zoneOf(context.reference, zone) === undefined) {
    return refused('unknown-zone', `no zone «${zone}»`, { zone });
  }
  const warnings = await zoneWarnings(context, zone, [
    { account: account('container', container), addedGrams: 0 },
  ]);
  const { occurredAt } = context;
  return recording(container, [{ type: 'container.placed', occurredAt, payload: { container, zone } }], {
    warnings,
  });
};
