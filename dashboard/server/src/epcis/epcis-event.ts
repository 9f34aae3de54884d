/**
 * One event about material as GS1 EPCIS 2.0 (ISO/IEC 19987) tells it. Pure. Reception = ObjectEvent ADD `receiving`;
 * sorting = TransformationEvent lots → fraction; baling = TransformationEvent fraction → output `commissioning`; loading =
 * AggregationEvent ADD; departure = ObjectEvent OBSERVE `shipping`; a correction declares the event before wrong and
 * names the one that corrects it. What only says something about a place or a plan has no counterpart and gives none.
 */
import type { MaterialEventType } from '@trame/protocol/material/material-payloads';
import { LOT_TELLERS } from './epcis-lots.ts';
import type { Naming } from './epcis-names.ts';
import { OUTPUT_TELLERS } from './epcis-outputs.ts';
import {
  Telling,
  type Draft,
  type Members,
  type Teller,
  type Tellers,
  type ToldEvent,
} from './epcis-parts.ts';
import { SHIPMENT_TELLERS } from './epcis-shipments.ts';

export type EpcisEvent = Members;

const silent = (): readonly Draft[] => [];

const TELLERS: Tellers = {
  ...LOT_TELLERS,
  ...OUTPUT_TELLERS,
  ...SHIPMENT_TELLERS,
  'partner.declared': silent,
  'container.declared': silent,
  'container.placed': silent,
  'lot.placed': silent,
  'document.attached': silent,
  'note.written': silent,
  'line.loaded': silent,
  'line.unloaded': silent,
  'line.emptied': silent,
  'mass.moved': silent,
  'shift.opened': silent,
  'shift.closed': silent,
  'shift.signed': silent,
  'stop.explained': silent,
  'programme.saved': silent,
  'programme.stepped': silent,
  'campaign.opened': silent,
  'campaign.closed': silent,
  'month.closed': silent,
  'restart.answered': silent,
  'scale.logged': silent,
  'output.started': silent,
  'output.pressed': silent,
  'output.labelled': silent,
  /** It is said by the event that it corrects. */
  'output.voided': silent,
  'shipment.opened': silent,
  'shipment.amended': silent,
  'subcontract.finished': silent,
};

/** Types that EPCIS has words for, or that declare another event wrong. */
export const TOLD_TYPES: readonly string[] = Object.entries(TELLERS)
  .filter(([type, teller]) => teller !== silent || type === 'output.voided')
  .map(([type]) => type);

/** @returns the events of EPCIS that tell it, in order; none where EPCIS has no words for it. */
export function epcisEvents(
  told: ToldEvent,
  naming: Naming,
  zoneOffset: (atMs: number) => string,
): EpcisEvent[] {
  const events = drafts(told, naming).map((event) => withWhen(event, told, zoneOffset));
  const { corrected } = told;
  const correctiveEventIDs = events.map(({ eventID }) => eventID);
  const errorDeclaration = {
    declarationTime: new Date(told.recordedAt).toISOString(),
    reason: told.said.type === 'output.voided' ? 'did_not_occur' : 'incorrect_data',
    ...(correctiveEventIDs.length === 0 ? {} : { correctiveEventIDs }),
  };
  const wrong = corrected.flatMap((before) =>
    drafts(before, naming).map((event) => ({ ...withWhen(event, before, zoneOffset), errorDeclaration })),
  );
  return [...wrong, ...events];
}

function drafts(told: ToldEvent, naming: Naming): readonly Draft[] {
  const { type, payload } = told.said;
  // The payload is of the type that stands beside it.
  const teller = TELLERS[type] as Teller<MaterialEventType>;
  return teller(payload, new Telling(told, naming));
}

function withWhen(
  draft: Draft,
  { at, recordedAt }: ToldEvent,
  zoneOffset: (atMs: number) => string,
): EpcisEvent {
  return {
    ...draft,
    eventTime: new Date(at).toISOString(),
    recordTime: new Date(recordedAt).toISOString(),
    eventTimeZoneOffset: zoneOffset(at),
  };
}
