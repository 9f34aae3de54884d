import { handBooksOf } from './hand/hand-books.ts';
import { handBinIds, handBinPlans, handOutletIds, handSkip, type HandBinId } from './hand/hand-outlets.ts';
import { outputName, type HandPlant } from './hand/hand-state.ts';
import { kg } from './hand-view.ts';
import type { WeighedOutput } from './hand-store.ts';
import type { Truth, TruthBale } from './truth.ts';

/** An output as the truth of a hand line tells it. `kg` is textile, `indicatedKg` what the scale stored: with packaging. */
export interface TruthOutput extends TruthBale {
  /** Name on the floor. */
  readonly id: string;
  readonly unit: string;
  readonly packagingKg: number;
  readonly scale: string;
}

/** The truth of a hand line: the same shape, and what only hands have. */
export interface HandTruth extends Truth {
  readonly profile: 'manual';
  readonly bales: readonly TruthOutput[];
  /** Containers that were turned away, with what was in them. */
  readonly refusedKg: number;
  /** Taken in and still in containers. */
  readonly hallKg: number;
  /** Made and not yet weighed, by outlet; inside `pressKg`. */
  readonly finishedKg: Readonly<Record<string, number>>;
}

export function truthOutput({ output, atMs }: WeighedOutput): TruthOutput {
  return {
    number: output.number,
    id: outputName(output),
    unit: output.unit,
    outlet: output.outlet,
    kg: kg(output.massG),
    packagingKg: kg(output.packagingG),
    indicatedKg: kg(output.weighed?.indicatedG ?? 0),
    scale: output.weighed?.scale ?? '',
    alibi: output.weighed?.alibi ?? 0,
    at: new Date(atMs).toISOString(),
  };
}

function byOutlet(ids: readonly string[], gramsOf: (id: string) => number): Record<string, number> {
  return Object.fromEntries(ids.map((id) => [id, kg(gramsOf(id))]));
}

function initialG(id: string): number {
  return id === 'elimination' ? handSkip.initialG : handBinPlans[id as HandBinId].initialG;
}

/** Grams of an outlet made and not yet weighed: in front of the scale, or on it. */
function finishedG(plant: HandPlant, id: string): number {
  const onScales = plant.scales.flatMap(({ on }) => (on?.kind === 'output' ? [on.output] : []));
  return [...plant.finished, ...onScales]
    .filter(({ outlet, weighed }) => outlet === id && weighed === null)
    .reduce((sum, { massG }) => sum + massG, 0);
}

function makingG(plant: HandPlant, id: string): number {
  return [plant.press, plant.packing].reduce(
    (sum, making) => sum + (making?.outlet === id ? making.massG : 0),
    0,
  );
}

/** The ground truth of a hand line at wall-clock time `nowMs`. What it does not have is 0. */
export function handTruthOf(
  plant: HandPlant,
  bales: readonly TruthOutput[],
  speed: number,
  nowMs: number,
): HandTruth {
  const books = handBooksOf(plant);
  return {
    at: new Date(nowMs).toISOString(),
    profile: 'manual',
    simulatedSeconds: plant.timeMs / 1_000,
    speed,
    seed: plant.seed,
    line: plant.tables.some(({ load, hand }) => load !== null || hand !== null) ? 'running' : 'stopped',
    inputKg: kg(books.inputG),
    outputKg: byOutlet(handOutletIds, (id) => books.outputG[id as HandBinId]),
    onLineKg: kg(books.onLineG),
    waterLossKg: kg(books.waterLossG),
    items: handOutletIds.reduce((sum, id) => sum + plant.bins[id].items, 0),
    itemsWeighed: plant.itemsReceived,
    cagesWeighed: plant.containersReceived,
    nir: { read: 0, refused: 0, missed: 0 },
    sorter: { withoutVerdict: 0, missedEjections: 0 },
    energyKwh: 0,
    bales,
    baleCount: plant.weighed,
    baledKg: byOutlet(handBinIds, (id) => plant.baledG[id as HandBinId]),
    initialBinsKg: byOutlet(handOutletIds, initialG),
    binsKg: byOutlet(handOutletIds, (id) => plant.bins[id as HandBinId].massG),
    pressKg: byOutlet(handBinIds, (id) => makingG(plant, id) + finishedG(plant, id)),
    refusedKg: kg(plant.refusedG),
    hallKg: kg(plant.yard.reduce((sum, { massG, waterG }) => sum + massG + waterG, 0)),
    finishedKg: byOutlet(handBinIds, (id) => finishedG(plant, id)),
  };
}
