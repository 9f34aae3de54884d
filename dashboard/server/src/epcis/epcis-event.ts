/**
 * One event about material as GS1 EPCIS 2.0 (ISO/IEC 19987) tells it. Pure. Reception = ObjectEvent ADD `receiving`;
 * sorting = TransformationEvent lots → fraction; baling = TransformationEvent fraction → output `commissioning`; loading =
 * AggregationEvent ADD; departure = ObjectEvent OBSERVE `shipping`; a correction declares the event before wrong and
 * names the one that corrects it. What only says something about a place or a plan has no counterpart and gives none.
 */
import { account } from '@trame/protocol/material/accounts';
import type { MaterialEvent, MaterialPayloads } from '@trame/protocol/material/material-payloads';
import {
  classUri,
  eventUri,
  NAMESPACE,
  outputUri,
  partyUri,
  stepUri,
  uri,
  type Naming,
} from './epcis-names.ts';

/** A movement as the book has it. */
export interface BookedMove {
  readonly fromAccount: string;
  readonly toAccount: string;
  readonly lot: string;
  readonly grams: number;
}

export interface ToldEvent {
  readonly id: string;
  readonly said: MaterialEvent;
  /** ms since 1970 UTC, by the best clock known. */
  readonly at: number;
  readonly recordedAt: number;
  readonly moves: readonly BookedMove[];
  /** Outlet of the output that it is about; null: of none. */
  readonly outlet: string | null;
  /** What it corrects, as it was told; null: nothing. */
  readonly corrected: ToldEvent | null;
}

type Members = Readonly<Record<string, unknown>>;
export type EpcisEvent = Members;

/** @returns the events of EPCIS that tell it, in order; none where EPCIS has no words for it. */
export function epcisEvents(
  told: ToldEvent,
  naming: Naming,
  zoneOffset: (atMs: number) => string,
): EpcisEvent[] {
  const events = eventsOf(told, naming).map((event) => withWhen(event, told, zoneOffset));
  const { corrected } = told;
  if (corrected === null) return events;
  const ids = events.map(({ eventID }) => eventID);
  const wrong = eventsOf(corrected, naming).map((event) => {
    return {
      ...withWhen(event, corrected, zoneOffset),
      errorDeclaration: {
        declarationTime: new Date(told.recordedAt).toISOString(),
        reason: told.said.type === 'output.voided' ? 'did_not_occur' : 'incorrect_data',
        ...(ids.length === 0 ? {} : { correctiveEventIDs: ids }),
      },
    };
  });
  return [...wrong, ...events];
}

type Draft = { readonly eventID: string; readonly type: string } & Readonly<Record<string, unknown>>;

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

function eventsOf(told: ToldEvent, naming: Naming): Draft[] {
  const { said, id } = told;
  const eventID = eventUri(naming, id);
  const tell = (type: string, members: Readonly<Record<string, unknown>>): Draft[] => [
    { eventID, type, ...members },
  ];
  const observe = (bizStep: string, members: Readonly<Record<string, unknown>>): Draft[] =>
    tell('ObjectEvent', { action: 'OBSERVE', bizStep, ...members });
  const own = (step: string): string => stepUri(naming, step);
  const one = (output: string): Members => ({ epcList: [outputUri(naming, output)] });
  const lotKg = (lot: string, grams: number): Members => ({
    quantityList: [kg(classUri(naming, 'lot', lot), grams)],
  });
  switch (said.type) {
    case 'lot.received':
      return received(told, naming, said.payload);
    case 'lot.weighed':
      return observe(own('weighing'), lotKg(said.payload.lot, said.payload.netGrams));
    case 'lot.dried':
      return observe(own('drying'), {
        ...lotKg(said.payload.lot, said.payload.netGrams),
        ...extra({ waterKg: inKg(said.payload.waterGrams) }),
      });
    case 'lot.refused':
      return observe('shipping', {
        disposition: 'returned',
        ...whatOf(naming, said.payload.lot, said.payload.grams),
        ...extra({ reason: said.payload.reason }),
      });
    case 'lot.returned':
      return observe('shipping', { disposition: 'returned', ...lotKg(said.payload.lot, said.payload.grams) });
    case 'lot.attributed':
      return observe(own('attributing'), {
        epcList: [classUri(naming, 'lot', said.payload.lot)],
        ...(said.payload.collector === null
          ? {}
          : { sourceList: [possessing(partyUri(naming, account('collector', said.payload.collector)))] }),
      });
    case 'lot.split':
      return tell('TransformationEvent', {
        inputQuantityList: [
          kg(
            classUri(naming, 'lot', said.payload.lot),
            said.payload.into.reduce((sum, { grams }) => sum + grams, 0),
          ),
        ],
        outputQuantityList: said.payload.into.map(({ lot, grams }) =>
          kg(classUri(naming, 'lot', lot), grams),
        ),
        bizStep: own('splitting'),
      });
    case 'lot.merged':
      return merged(told, naming, said.payload);
    case 'outlet.audited':
      return observe('inspecting', {
        quantityList: [kg(classUri(naming, 'fraction', said.payload.outlet), said.payload.sampledGrams)],
        ...extra({ misplacedKg: inKg(said.payload.misplaced.reduce((sum, { grams }) => sum + grams, 0)) }),
      });
    case 'output.weighed':
      return weighed(told, naming, said.payload);
    case 'output.placed':
      return observe('storing', {
        ...one(said.payload.output),
        bizLocation: { id: uri(naming, 'zone', said.payload.zone) },
      });
    case 'output.reclassified':
      return observe(own('reclassifying'), {
        ...one(said.payload.output),
        ...extra({ outlet: said.payload.outlet }),
      });
    case 'output.opened':
      return tell('TransformationEvent', {
        inputEPCList: [outputUri(naming, said.payload.output)],
        outputQuantityList: [kg(classUri(naming, 'fraction', told.outlet ?? 'unknown'), moved(told.moves))],
        bizStep: own('unbaling'),
      });
    case 'output.repressed':
      return tell('TransformationEvent', {
        inputEPCList: said.payload.outputs.map((output) => outputUri(naming, output)),
        outputEPCList: [outputUri(naming, said.payload.into)],
        bizStep: 'repackaging',
      });
    case 'output.damaged':
      return observe('inspecting', {
        disposition: 'damaged',
        ...one(said.payload.output),
        ...extra({ lostKg: inKg(said.payload.lostGrams) }),
      });
    case 'output.missing':
      return observe('stock_taking', { disposition: 'unavailable', ...one(said.payload.output) });
    case 'output.found':
      return observe('stock_taking', { disposition: 'available', ...one(said.payload.output) });
    case 'stock.counted':
      return counted(told, naming, said.payload);
    case 'shipment.loaded':
    case 'shipment.unloaded': {
      const isLoaded = said.type === 'shipment.loaded';
      return tell('AggregationEvent', {
        action: isLoaded ? 'ADD' : 'DELETE',
        bizStep: isLoaded ? 'loading' : 'unloading',
        parentID: uri(naming, 'shipment', said.payload.shipment),
        childEPCs: [outputUri(naming, said.payload.output)],
      });
    }
    case 'shipment.dispatched':
      return departed(told, naming, said.payload);
    case 'shipment.cancelled':
      return observe('void_shipping', { epcList: [uri(naming, 'shipment', said.payload.shipment)] });
    case 'shipment.received':
      return clientReceived(told, naming, said.payload);
    case 'shipment.returned':
      return observe('receiving', {
        disposition: 'returned',
        epcList: said.payload.outputs.map((output) => outputUri(naming, output)),
        bizTransactionList: [shipmentOf(naming, said.payload.shipment)],
      });
    case 'subcontract.returned':
      return tell('ObjectEvent', {
        action: 'ADD',
        bizStep: 'receiving',
        disposition: 'in_progress',
        ...lotKg(said.payload.lot, said.payload.netGrams),
        bizTransactionList: [shipmentOf(naming, said.payload.shipment)],
      });
    case 'output.voided':
    case 'partner.declared':
    case 'container.declared':
    case 'container.placed':
    case 'document.attached':
    case 'note.written':
    case 'line.loaded':
    case 'line.unloaded':
    case 'line.emptied':
    case 'mass.moved':
    case 'shift.opened':
    case 'shift.closed':
    case 'campaign.opened':
    case 'campaign.closed':
    case 'month.closed':
    case 'restart.answered':
    case 'scale.logged':
    case 'output.started':
    case 'output.pressed':
    case 'output.labelled':
    case 'shipment.opened':
      return [];
  }
}

function received({ id }: ToldEvent, naming: Naming, said: MaterialPayloads['lot.received']): Draft[] {
  const { lot, collector, loads } = said;
  const net = loads.reduce((sum, { netGrams }) => sum + netGrams, 0);
  return [
    {
      eventID: eventUri(naming, id),
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'receiving',
      disposition: 'in_progress',
      ...whatOf(naming, lot, net === 0 ? null : net),
      ...(collector === null
        ? {}
        : { sourceList: [possessing(partyUri(naming, account('collector', collector)))] }),
      ilmd: extra({
        skimming: said.skimming,
        legalStatus: said.legalStatus,
        condition: said.condition,
        productFamily: said.family,
        wasteCode: said.wasteCode,
      }),
    },
  ];
}

function merged(
  { id, moves }: ToldEvent,
  naming: Naming,
  { lots, into }: MaterialPayloads['lot.merged'],
): Draft[] {
  const of = (lot: string): number =>
    moved(moves.filter(({ fromAccount }) => fromAccount === account('lot', lot)));
  return [
    {
      eventID: eventUri(naming, id),
      type: 'TransformationEvent',
      inputQuantityList: lots.map((lot) => kg(classUri(naming, 'lot', lot), of(lot))),
      outputQuantityList: [kg(classUri(naming, 'lot', into), moved(moves))],
      bizStep: stepUri(naming, 'merging'),
    },
  ];
}

/** First weight: what was sorted, then what was made of it. Another weight of the same output is an observation. */
function weighed(told: ToldEvent, naming: Naming, said: MaterialPayloads['output.weighed']): Draft[] {
  const { output, netGrams, changeGrams } = said;
  if (changeGrams !== netGrams) {
    return [
      {
        eventID: eventUri(naming, told.id),
        type: 'ObjectEvent',
        action: 'OBSERVE',
        bizStep: stepUri(naming, 'weighing'),
        epcList: [outputUri(naming, output)],
        ...extra({ netWeightKg: inKg(netGrams) }),
      },
    ];
  }
  const fraction = kg(classUri(naming, 'fraction', told.outlet ?? 'unknown'), netGrams);
  const baling: Draft = {
    eventID: eventUri(naming, told.id),
    type: 'TransformationEvent',
    inputQuantityList: [fraction],
    outputEPCList: [outputUri(naming, output)],
    bizStep: 'commissioning',
    disposition: 'active',
    ilmd: extra({
      outlet: told.outlet ?? 'unknown',
      netWeightKg: inKg(netGrams),
      weightSource: said.weight.how,
    }),
  };
  const lots = byLot(told.moves);
  if (lots.length === 0) return [baling];
  const sorting: Draft = {
    eventID: eventUri(naming, told.id, 'sorting'),
    type: 'TransformationEvent',
    transformationID: uri(naming, 'sorting', new Date(told.at).toISOString().slice(0, 10)),
    inputQuantityList: lots.map(({ lot, grams }) => kg(classUri(naming, 'lot', lot), grams)),
    outputQuantityList: [fraction],
    bizStep: stepUri(naming, 'sorting'),
  };
  return [sorting, baling];
}

function counted({ id }: ToldEvent, naming: Naming, said: MaterialPayloads['stock.counted']): Draft[] {
  const { zone, outlet, countedGrams, countedCount } = said;
  const what = classUri(naming, 'fraction', outlet ?? 'all');
  return [
    {
      eventID: eventUri(naming, id),
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'cycle_counting',
      quantityList: [
        countedGrams === null ? { epcClass: what, quantity: countedCount } : kg(what, countedGrams),
      ],
      bizLocation: { id: uri(naming, 'zone', zone) },
    },
  ];
}

function departed(told: ToldEvent, naming: Naming, said: MaterialPayloads['shipment.dispatched']): Draft[] {
  const outputs = [...new Set(said.moves.map(({ from }) => from))].filter((from) =>
    from.startsWith('output:'),
  );
  const [first] = said.moves;
  return [
    {
      eventID: eventUri(naming, told.id),
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      epcList: outputs.map((from) => outputUri(naming, from.slice('output:'.length))),
      bizTransactionList: [shipmentOf(naming, said.shipment)],
      ...(first === undefined
        ? {}
        : { destinationList: [{ type: 'possessing_party', destination: partyUri(naming, first.to) }] }),
      ...extra({ netWeightKg: inKg(said.netGrams) }),
    },
  ];
}

function clientReceived(
  { id }: ToldEvent,
  naming: Naming,
  said: MaterialPayloads['shipment.received'],
): Draft[] {
  const { shipment, clientGrams, refused } = said;
  return [
    {
      eventID: eventUri(naming, id),
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'accepting',
      epcList: [uri(naming, 'shipment', shipment)],
      bizTransactionList: [shipmentOf(naming, shipment)],
      ...extra({
        ...(clientGrams === null ? {} : { clientWeightKg: inKg(clientGrams) }),
        ...(refused.length === 0 ? {} : { refused: refused.map((output) => outputUri(naming, output)) }),
      }),
    },
  ];
}

function whatOf(naming: Naming, lot: string, grams: number | null): Members {
  const what = classUri(naming, 'lot', lot);
  return grams === null ? { epcList: [what] } : { quantityList: [kg(what, grams)] };
}

function kg(epcClass: string, grams: number): object {
  return { epcClass, quantity: inKg(grams), uom: 'KGM' };
}

function inKg(grams: number): number {
  return grams / 1000;
}

function possessing(source: string): object {
  return { type: 'possessing_party', source };
}

function shipmentOf(naming: Naming, shipment: string): object {
  return { type: 'desadv', bizTransaction: uri(naming, 'shipment', shipment) };
}

function moved(moves: readonly BookedMove[]): number {
  return moves.reduce((sum, { grams }) => sum + grams, 0);
}

function byLot(moves: readonly BookedMove[]): { lot: string; grams: number }[] {
  const lots = new Map<string, number>();
  for (const { lot, grams } of moves) lots.set(lot, (lots.get(lot) ?? 0) + grams);
  return [...lots].map(([lot, grams]) => ({ lot, grams })).filter(({ grams }) => grams > 0);
}

/** Members of Trame's own, named so that EPCIS takes them. */
function extra(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`${NAMESPACE}:${name}`, value]));
}
