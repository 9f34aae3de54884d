/** Lots as EPCIS tells them. */
import { account } from '@trame/protocol/material/accounts';
import { partyUri, type Naming } from './epcis-names.ts';
import { extra, inKg, sumOf, type Tellers } from './epcis-parts.ts';

export const LOT_TELLERS = {
  'lot.received': (said, telling) => {
    const net = said.loads.reduce((sum, { netGrams }) => sum + netGrams, 0);
    return [
      telling.event('ObjectEvent', {
        action: 'ADD',
        bizStep: 'receiving',
        disposition: 'in_progress',
        ...telling.lot(said.lot, net === 0 ? null : net),
        ...sourceOf(telling.naming, said.collector),
        ilmd: extra({
          skimming: said.skimming,
          legalStatus: said.legalStatus,
          condition: said.condition,
          productFamily: said.family,
          wasteCode: said.wasteCode,
        }),
      }),
    ];
  },
  'lot.weighed': ({ lot, netGrams }, telling) =>
    telling.observe(telling.ownStep('weighing'), telling.lot(lot, netGrams)),
  'lot.dried': ({ lot, netGrams, waterGrams }, telling) =>
    telling.observe(telling.ownStep('drying'), {
      ...telling.lot(lot, netGrams),
      ...extra({ waterKg: inKg(waterGrams) }),
    }),
  'lot.refused': ({ lot, grams, reason }, telling) =>
    telling.observe('shipping', {
      disposition: 'returned',
      ...telling.lot(lot, grams),
      ...extra({ reason }),
    }),
  'lot.returned': ({ lot, grams }, telling) =>
    telling.observe('shipping', { disposition: 'returned', ...telling.lot(lot, grams) }),
  'lot.attributed': ({ lot, collector }, telling) =>
    telling.observe(telling.ownStep('attributing'), {
      ...telling.lot(lot, null),
      ...sourceOf(telling.naming, collector),
    }),
  'lot.voided': ({ lot }, telling) => telling.observe(telling.ownStep('voiding'), telling.lot(lot, null)),
  'lot.amended': ({ lot, skimming, legalStatus, condition, family, wasteCode }, telling) =>
    telling.observe(telling.ownStep('amending'), {
      ...telling.lot(lot, null),
      ...extra({ skimming, legalStatus, condition, productFamily: family, wasteCode }),
    }),
  'lot.split': ({ lot, into }, telling) => [
    telling.event('TransformationEvent', {
      inputQuantityList: [telling.lotKg(lot, sumOf(into))],
      outputQuantityList: into.map((part) => telling.lotKg(part.lot, part.grams)),
      bizStep: telling.ownStep('splitting'),
    }),
  ],
  'lot.merged': ({ lots, into }, telling) => {
    const from = (lot: string): number =>
      sumOf(telling.told.moves.filter(({ fromAccount }) => fromAccount === account('lot', lot)));
    return [
      telling.event('TransformationEvent', {
        inputQuantityList: lots.map((lot) => telling.lotKg(lot, from(lot))),
        outputQuantityList: [telling.lotKg(into, telling.movedGrams)],
        bizStep: telling.ownStep('merging'),
      }),
    ];
  },
  'subcontract.returned': ({ shipment, lot, netGrams }, telling) => [
    telling.event('ObjectEvent', {
      action: 'ADD',
      bizStep: 'receiving',
      disposition: 'in_progress',
      ...telling.lot(lot, netGrams),
      ...telling.shipment(shipment),
    }),
  ],
} satisfies Partial<Tellers>;

function sourceOf(naming: Naming, collector: string | null): object {
  if (collector === null) return {};
  const source = partyUri(naming, account('collector', collector));
  return { sourceList: [{ type: 'possessing_party', source }] };
}
