import { booksOf } from './plant/books.ts';
import type { Composition } from './plant/composition.ts';
import { binIds, outletIds, outletPlans, type OutletId } from './plant/outlets.ts';
import { linePhase } from './plant/plc.ts';
import type { Plant } from './plant/plant-state.ts';
import type { Bale } from './plant/step-events.ts';

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

/** Grams of fibres as kg; what is of unknown fibre under `unknown`, where there is any. */
export type FibresKg = Readonly<Record<string, number>>;

/** A bale of an automatic line, with what it is made of: `fibresKg` and `waterKg` sum to `kg`. */
export interface PlantTruthBale extends TruthBale {
  readonly fibresKg: FibresKg;
  readonly waterKg: number;
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

/** The truth of an automatic line. */
export interface PlantTruth extends Truth {
  readonly bales: readonly PlantTruthBale[];
  /** What fell into each outlet, without water, by fibre: with `outputWaterKg` it sums to `outputKg`. */
  readonly outputFibresKg: Readonly<Record<string, FibresKg>>;
  readonly outputWaterKg: Readonly<Record<string, number>>;
  /** The same without water by fabric, `unknown` included. */
  readonly outputFabricsKg: Readonly<Record<string, FibresKg>>;
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

function materialsKg(materialsG: Readonly<Record<string, number>>, unknownG: number): FibresKg {
  const told = Object.entries(materialsG).map(([id, grams]) => [id, kg(grams)] as const);
  return Object.fromEntries(unknownG === 0 ? told : [...told, ['unknown', kg(unknownG)] as const]);
}

function fibresKg({ fibresG, unknownG }: Composition): FibresKg {
  return materialsKg(fibresG, unknownG);
}

/** A bale as the truth tells it. */
export function truthBale(bale: Bale): PlantTruthBale {
  return {
    number: bale.number,
    outlet: bale.outlet,
    kg: kg(bale.massG),
    indicatedKg: kg(bale.indicatedG),
    alibi: bale.alibi,
    at: new Date(bale.atMs).toISOString(),
    fibresKg: fibresKg(bale.inside),
    waterKg: kg(bale.inside.waterG),
  };
}

/** Grams that left a bin and are not yet a weighed bale: in the press, or on the scale before it is stored. */
function inPressG(plant: Plant, id: OutletId): number {
  const pressed = plant.press.outlet === id ? plant.press.massG : 0;
  const { baleScale } = plant;
  return pressed + (baleScale.outlet === id && !baleScale.recorded ? baleScale.massG : 0);
}

function byOutlet<Value>(valueOf: (id: OutletId) => Value): Record<string, Value> {
  return Object.fromEntries(outletIds.map((id) => [id, valueOf(id)]));
}

/** What every outlet was given, by what it is made of. */
function outputMaterials(plant: Plant) {
  return {
    outputFibresKg: byOutlet((id) => fibresKg(plant.bins[id].fell)),
    outputWaterKg: byOutlet((id) => kg(plant.bins[id].fell.waterG)),
    outputFabricsKg: byOutlet((id) => materialsKg(plant.bins[id].fellFabricsG, plant.bins[id].fell.unknownG)),
  };
}

/** The ground truth of a plant at wall-clock time `nowMs`. */
export function truthOf(
  plant: Plant,
  bales: readonly PlantTruthBale[],
  speed: number,
  nowMs: number,
): PlantTruth {
  const books = booksOf(plant);
  return {
    at: new Date(nowMs).toISOString(),
    simulatedSeconds: plant.timeMs / 1_000,
    speed,
    seed: plant.seed,
    line: linePhase(plant),
    inputKg: kg(books.inputG),
    outputKg: kgByOutlet(outletIds, (id) => books.outputG[id]),
    ...outputMaterials(plant),
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
