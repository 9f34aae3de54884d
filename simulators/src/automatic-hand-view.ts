import { deliveryAt } from './hand/delivery.ts';
import { pressName } from './hand/packing.ts';
import { deliveryView, kg, type DeliveryView, type HandView, type OutputView } from './hand-view.ts';
import type { Plant } from './plant/plant-state.ts';
import type { TruthBale } from './truth.ts';

/** The last bales that are shown as standing in the stock. */
const stockShown = 60;
/** What leaves in sacks; the rest is baled. */
const sackOutlets: ReadonlySet<string> = new Set(['creme', 'reemploi']);

function baleView(bale: TruthBale): OutputView {
  return {
    id: `B-${String(bale.number).padStart(4, '0')}`,
    number: bale.number,
    unit: sackOutlets.has(bale.outlet) ? 'sack' : 'bale',
    outlet: bale.outlet,
    press: pressName,
    kg: bale.kg,
    packagingKg: 0,
    grossKg: bale.kg,
    madeAt: bale.at,
    weighed: { scale: 'bale-scale', alibi: bale.alibi, kg: bale.indicatedKg },
  };
}

/** The delivery of which cages come now, after those before it that are remembered. */
function deliveriesOf(plant: Plant): DeliveryView[] {
  const tipped = plant.tipped ?? [];
  const numbers = tipped.map(({ lot }) => lot);
  const current = plant.supply.lot;
  if (current > 0 && !numbers.includes(current)) numbers.push(current);
  return numbers.map((number) => {
    const tally = tipped.find(({ lot }) => lot === number);
    return {
      ...deliveryView(deliveryAt(plant.seed, number)),
      arrivedAt: null,
      containers: [],
      tipped: { cages: tally?.cages ?? 0, kg: kg(tally?.massG ?? 0) },
    };
  });
}

/**
 * An automatic line as somebody sees it who walks past: the delivery whose cages are being tipped, what its scales
 * show, and the last bales. Nothing waits in front of a scale here; the containers are the line's own cages.
 */
export function automaticHandView(
  plant: Plant,
  bales: readonly TruthBale[],
  life: string,
  nowMs: number,
): HandView {
  const { infeedScale, baleScale } = plant;
  const last = bales.at(-1);
  return {
    at: new Date(nowMs).toISOString(),
    life,
    profile: 'automatic',
    led: false,
    deliveries: deliveriesOf(plant),
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
