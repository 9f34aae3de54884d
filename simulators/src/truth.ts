import { booksOf } from './plant/books.ts';
import { binIds, outletIds, outletPlans, type OutletId } from './plant/outlets.ts';
import { linePhase } from './plant/plc.ts';
import type { Bale, Plant } from './plant/plant-state.ts';

export interface TruthBale {
  readonly number: number;
  readonly outlet: string;
  /** What the bale really weighs. */
  readonly kg: number;
  /** What the bale scale showed and stored. */
  readonly indicatedKg: number;
  readonly alibi: number;
  readonly at: string;
}

/** What really happened since the data directory was made. Masses in kg, exact to the gram. */
export interface Truth {
  readonly at: string;
  readonly simulatedSeconds: number;
  readonly speed: number;
  readonly seed: number;
  readonly line: string;
  readonly inputKg: number;
  readonly outputKg: Readonly<Record<string, number>>;
  readonly onLineKg: number;
  readonly waterLossKg: number;
  /** Garments fallen into outlets; `itemsWeighed` those that came with the cages. */
  readonly items: number;
  readonly itemsWeighed: number;
  readonly cagesWeighed: number;
  readonly nir: { readonly read: number; readonly refused: number; readonly missed: number };
  readonly sorter: { readonly withoutVerdict: number; readonly missedEjections: number };
  readonly energyKwh: number;
  /** The last bales, oldest first; `baledKg` and `baleCount` count all of them. */
  readonly bales: readonly TruthBale[];
  readonly baleCount: number;
  readonly baledKg: Readonly<Record<string, number>>;
  /** Content of the containers before the first second: not input, not output, but inside bales. */
  readonly initialBinsKg: Readonly<Record<string, number>>;
  readonly binsKg: Readonly<Record<string, number>>;
  readonly pressKg: Readonly<Record<string, number>>;
}

const milliJoulePerKwh = 3_600_000_000;

function kg(grams: number): number {
  return grams / 1_000;
}

function kgByOutlet<Id extends OutletId>(
  ids: readonly Id[],
  gramsOf: (id: Id) => number,
): Record<string, number> {
  return Object.fromEntries(ids.map((id) => [id, kg(gramsOf(id))]));
}

/** A bale as the truth tells it. */
export function truthBale(bale: Bale): TruthBale {
  return {
    number: bale.number,
    outlet: bale.outlet,
    kg: kg(bale.massG),
    indicatedKg: kg(bale.indicatedG),
    alibi: bale.alibi,
    at: new Date(bale.atMs).toISOString(),
  };
}

/** Grams that left a bin and are not yet a weighed bale: in the press, or on the scale before it is stored. */
function inPressG(plant: Plant, id: OutletId): number {
  const pressed = plant.press.outlet === id ? plant.press.massG : 0;
  const { baleScale } = plant;
  return pressed + (baleScale.outlet === id && !baleScale.recorded ? baleScale.massG : 0);
}

/** The ground truth of a plant at wall-clock time `nowMs`. */
export function truthOf(plant: Plant, bales: readonly TruthBale[], speed: number, nowMs: number): Truth {
  const books = booksOf(plant);
  return {
    at: new Date(nowMs).toISOString(),
    simulatedSeconds: plant.timeMs / 1_000,
    speed,
    seed: plant.seed,
    line: linePhase(plant),
    inputKg: kg(books.inputG),
    outputKg: kgByOutlet(outletIds, (id) => books.outputG[id]),
    onLineKg: kg(books.onLineG),
    waterLossKg: kg(books.waterLossG),
    items: outletIds.reduce((sum, id) => sum + plant.bins[id].items, 0),
    itemsWeighed: plant.itemsWeighed,
    cagesWeighed: plant.infeedScale.cagesWeighed,
    nir: { read: plant.nir.seq, refused: plant.nir.refused, missed: plant.nir.missed },
    sorter: {
      withoutVerdict: plant.sorter.withoutVerdict,
      missedEjections: plant.sorter.missedEjections,
    },
    energyKwh: plant.energy.totalMilliJoule / milliJoulePerKwh,
    bales,
    baleCount: plant.baleScale.alibi,
    baledKg: kgByOutlet(binIds, (id) => plant.baledG[id]),
    initialBinsKg: kgByOutlet(outletIds, (id) => outletPlans[id].initialG),
    binsKg: kgByOutlet(outletIds, (id) => plant.bins[id].massG),
    pressKg: kgByOutlet(binIds, (id) => inPressG(plant, id)),
  };
}
