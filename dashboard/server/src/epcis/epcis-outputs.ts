/** Outputs as EPCIS tells them: sorted out of lots, commissioned, stored, opened, repressed. */
import { outputUri, uri } from './epcis-names.ts';
import { extra, inKg, sumOf, type BookedMove, type Tellers } from './epcis-parts.ts';

export const OUTPUT_TELLERS = {
  /** First weight: what was sorted, then what was made of it. Another weight of the same output is an observation. */
  'output.weighed': ({ output, netGrams, changeGrams, weight }, telling) => {
    if (changeGrams !== netGrams) {
      return telling.observe(telling.ownStep('weighing'), {
        ...telling.outputs(output),
        ...extra({ netWeightKg: inKg(netGrams) }),
      });
    }
    const fraction = telling.fractionKg(null, netGrams);
    const baling = telling.event('TransformationEvent', {
      inputQuantityList: [fraction],
      outputEPCList: [outputUri(telling.naming, output)],
      bizStep: 'commissioning',
      disposition: 'active',
      ilmd: extra({ outlet: telling.outlet, netWeightKg: inKg(netGrams), weightSource: weight.how }),
    });
    const { moves, at } = telling.told;
    const lots = byLot(moves);
    if (lots.length === 0) return [baling];
    const sorting = {
      transformationID: uri(telling.naming, 'sorting', new Date(at).toISOString().slice(0, 10)),
      inputQuantityList: lots.map(({ lot, grams }) => telling.lotKg(lot, grams)),
      outputQuantityList: [fraction],
      bizStep: telling.ownStep('sorting'),
    };
    return [telling.event('TransformationEvent', sorting, 'sorting'), baling];
  },
  'output.placed': ({ output, zone }, telling) =>
    telling.observe('storing', { ...telling.outputs(output), ...telling.place('zone', zone) }),
  'output.reclassified': ({ output, outlet }, telling) =>
    telling.observe(telling.ownStep('reclassifying'), { ...telling.outputs(output), ...extra({ outlet }) }),
  'output.opened': ({ output }, telling) => [
    telling.event('TransformationEvent', {
      inputEPCList: [outputUri(telling.naming, output)],
      outputQuantityList: [telling.fractionKg(null, telling.movedGrams)],
      bizStep: telling.ownStep('unbaling'),
    }),
  ],
  'output.repressed': ({ outputs, into }, telling) => [
    telling.event('TransformationEvent', {
      inputEPCList: outputs.map((output) => outputUri(telling.naming, output)),
      outputEPCList: [outputUri(telling.naming, into)],
      bizStep: 'repackaging',
    }),
  ],
  'output.damaged': ({ output, lostGrams }, telling) =>
    telling.observe('inspecting', {
      disposition: 'damaged',
      ...telling.outputs(output),
      ...extra({ lostKg: inKg(lostGrams) }),
    }),
  'output.examined': ({ output, moisturePercent, grade }, telling) =>
    telling.observe('inspecting', {
      ...telling.outputs(output),
      ...extra({
        ...(moisturePercent === null ? {} : { moisturePercent }),
        ...(grade === null ? {} : { grade }),
      }),
    }),
  'output.missing': ({ output }, telling) =>
    telling.observe('stock_taking', { disposition: 'unavailable', ...telling.outputs(output) }),
  'output.found': ({ output }, telling) =>
    telling.observe('stock_taking', { disposition: 'available', ...telling.outputs(output) }),
  'outlet.audited': ({ outlet, sampledGrams, misplaced }, telling) =>
    telling.observe('inspecting', {
      quantityList: [telling.fractionKg(outlet, sampledGrams)],
      ...extra({ misplacedKg: inKg(sumOf(misplaced)) }),
    }),
  'audit.voided': ({ outlet }, telling) =>
    telling.observe(telling.ownStep('voiding'), {
      quantityList: [{ epcClass: uri(telling.naming, 'fraction', outlet) }],
    }),
  'stock.counted': ({ zone, outlet, countedGrams, countedCount }, telling) => {
    const what = uri(telling.naming, 'fraction', outlet ?? 'all');
    const quantity =
      countedGrams === null
        ? { epcClass: what, quantity: countedCount }
        : telling.fractionKg(outlet ?? 'all', countedGrams);
    return telling.observe('cycle_counting', { quantityList: [quantity], ...telling.place('zone', zone) });
  },
} satisfies Partial<Tellers>;

function byLot(moves: readonly BookedMove[]): { lot: string; grams: number }[] {
  const lots = new Map<string, number>();
  for (const { lot, grams } of moves) lots.set(lot, (lots.get(lot) ?? 0) + grams);
  return [...lots].map(([lot, grams]) => ({ lot, grams })).filter(({ grams }) => grams > 0);
}
