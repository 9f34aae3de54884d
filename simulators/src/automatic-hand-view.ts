import { deliveryAt } from './hand/delivery.ts';
import { deliveryView, kg, type HandView, type OutputView } from './hand-view.ts';
import type { Plant } from './plant/plant-state.ts';
import type { TruthBale } from './truth.ts';

/** The last bales that are shown as standing in the stock. */
const stockShown = 60;

function baleView(bale: TruthBale): OutputView {
  return {
    id: `B-${String(bale.number).padStart(4, '0')}`,
    number: bale.number,
    unit: 'bale',
    outlet: bale.outlet,
    press: 'press',
    kg: bale.kg,
    packagingKg: 0,
    grossKg: bale.kg,
    madeAt: bale.at,
    weighed: { scale: 'bale-scale', alibi: bale.alibi, kg: bale.indicatedKg },
  };
}

/**
 * An automatic line as somebody sees it who walks past: the delivery whose cages are being tipped, what its scales
 * show, and the last bales. Nothing waits in front of a scale here; the containers are the line's own cages.
 */
export function automaticHandView(plant: Plant, bales: readonly TruthBale[], nowMs: number): HandView {
  const { infeedScale, baleScale, supply } = plant;
  const last = bales.at(-1);
  return {
    at: new Date(nowMs).toISOString(),
    profile: 'automatic',
    led: false,
    deliveries:
      supply.lot === 0
        ? []
        : [{ ...deliveryView(deliveryAt(plant.seed, supply.lot)), arrivedAt: null, containers: [] }],
    hall: [],
    tables: [],
    finished: [],
    stock: bales.slice(-stockShown).map(baleView),
    scales: [
      {
        id: 'infeed-scale',
        what: infeedScale.cage === null ? null : 'cage',
        grossKg: kg(infeedScale.grossG),
        tareKg: kg(infeedScale.tareG),
        netKg: kg(infeedScale.grossG - infeedScale.tareG),
        stable: infeedScale.stable,
        overload: infeedScale.overload,
        stored: null,
      },
      {
        id: 'bale-scale',
        what: baleScale.outlet,
        grossKg: kg(baleScale.grossG),
        tareKg: 0,
        netKg: kg(baleScale.grossG),
        stable: baleScale.stable,
        overload: baleScale.overload,
        stored:
          baleScale.recorded && last !== undefined
            ? { scale: 'bale-scale', alibi: last.alibi, kg: last.indicatedKg }
            : null,
      },
    ],
  };
}
