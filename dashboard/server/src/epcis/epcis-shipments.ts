/** Shipments as EPCIS tells them: loaded, departed, received, come back. */
import { outputUri, partyUri, uri } from './epcis-names.ts';
import { extra, inKg, type Draft, type Telling, type Tellers } from './epcis-parts.ts';

export const SHIPMENT_TELLERS = {
  'shipment.loaded': ({ shipment, output }, telling) =>
    aggregated('ADD', 'loading', shipment, output, telling),
  'shipment.unloaded': ({ shipment, output }, telling) =>
    aggregated('DELETE', 'unloading', shipment, output, telling),
  'shipment.dispatched': ({ shipment, netGrams, moves }, telling) => {
    const left = [...new Set(moves.map(({ from }) => from))].filter((from) => from.startsWith('output:'));
    const [first] = moves;
    const destination = first === undefined ? null : partyUri(telling.naming, first.to);
    return telling.observe('shipping', {
      disposition: 'in_transit',
      ...telling.outputs(...left.map((from) => from.slice('output:'.length))),
      ...telling.shipment(shipment),
      ...(destination === null ? {} : { destinationList: [{ type: 'possessing_party', destination }] }),
      ...extra({ netWeightKg: inKg(netGrams) }),
    });
  },
  'shipment.cancelled': ({ shipment }, telling) =>
    telling.observe('void_shipping', { epcList: [uri(telling.naming, 'shipment', shipment)] }),
  'shipment.received': ({ shipment, clientGrams, refused }, telling) =>
    telling.observe('accepting', {
      epcList: [uri(telling.naming, 'shipment', shipment)],
      ...telling.shipment(shipment),
      ...extra({
        ...(clientGrams === null ? {} : { clientWeightKg: inKg(clientGrams) }),
        ...(refused.length === 0
          ? {}
          : { refused: refused.map((output) => outputUri(telling.naming, output)) }),
      }),
    }),
  'shipment.returned': ({ shipment, outputs }, telling) =>
    telling.observe('receiving', {
      disposition: 'returned',
      ...telling.outputs(...outputs),
      ...telling.shipment(shipment),
    }),
} satisfies Partial<Tellers>;

function aggregated(
  action: 'ADD' | 'DELETE',
  bizStep: string,
  shipment: string,
  output: string,
  telling: Telling,
): Draft[] {
  const parentID = uri(telling.naming, 'shipment', shipment);
  const childEPCs = [outputUri(telling.naming, output)];
  return [telling.event('AggregationEvent', { action, bizStep, parentID, childEPCs })];
}
