/** An EPCIS 2.0 document around events (GS1 EPCIS 2.0.1, JSON-LD). */
import { Type, type Static } from 'typebox';
import { NAMESPACE } from './epcis-names.ts';
import type { EpcisEvent } from './epcis-event.ts';

export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';

/** As the documentation shows it; GS1's own schema says the rest. */
export const EpcisDocument = Type.Object({
  '@context': Type.Array(Type.Unknown()),
  type: Type.Literal('EPCISDocument'),
  schemaVersion: Type.Literal('2.0'),
  creationDate: Type.String(),
  epcisBody: Type.Object({ eventList: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
});
export type EpcisDocument = Static<typeof EpcisDocument>;

export function epcisDocument(
  events: readonly EpcisEvent[],
  { ownDomain, nowMs, demo }: { readonly ownDomain: string; readonly nowMs: number; readonly demo: boolean },
): EpcisDocument {
  return {
    '@context': [EPCIS_CONTEXT, { [NAMESPACE]: `${ownDomain}/ns#` }],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: new Date(nowMs).toISOString(),
    ...(demo ? { [`${NAMESPACE}:demonstration`]: true } : {}),
    epcisBody: { eventList: [...events] },
  };
}
