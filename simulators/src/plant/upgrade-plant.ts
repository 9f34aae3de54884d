import { emptyComposition } from './composition.ts';
import { garmentAt, type Garment } from './garment.ts';
import { lotAt } from './lot.ts';
import { outletIds } from './outlets.ts';
import type { PackMlState } from './packml.ts';
import type { LinePhase, Plant } from './plant-state.ts';
import { allMotions, newPlc, type PlcState, type StandReason } from './plc-state.ts';
import { factoryProgramme, notDiverted } from './sort-programme.ts';

/** How the line stood in a plant that was saved before it had a PLC of its own. */
interface OldLine {
  readonly phase: LinePhase;
  readonly sinceMs: number;
  readonly guardClosed: boolean;
}

const stateOf: Readonly<Record<LinePhase, readonly [PackMlState, StandReason | null]>> = {
  off: ['stopped', 'power'],
  stopped: ['stopped', 'first'],
  // Its horn is sounded anew.
  starting: ['stopped', 'first'],
  running: ['execute', null],
  held: ['held', 'bin-full'],
  jammed: ['held', 'jam'],
  fault: ['aborted', 'emergency-stop'],
};

function plcOf({ phase, sinceMs, guardClosed }: OldLine): PlcState {
  const [state, why] = stateOf[phase];
  const motions = allMotions(state === 'execute' ? 'running' : 'standing');
  return { ...newPlc(), state, why, motions, sinceMs, guardClosed, powered: phase !== 'off' };
}

/** The damp is a function of the garment: one that was saved without it gets what it always held. */
function keepDamp(seed: number, garment: Garment | undefined): void {
  const old = garment as { dampG?: number; lot: number; index: number } | undefined;
  if (old !== undefined) old.dampG ??= garmentAt(seed, lotAt(seed, old.lot), old.index).dampG;
}

function keepDampOfAll(plant: Plant): void {
  const garments = [
    ...plant.infeedBelt.items.map(({ garment }) => garment),
    ...plant.posts.map(({ hand }) => hand?.garment),
    ...plant.nir.waiting,
    plant.nir.reading?.garment,
    ...plant.sortingBelt.items.map(({ garment }) => garment),
  ];
  for (const garment of garments) keepDamp(plant.seed, garment);
}

/** Nobody kept account of what lies where and of what fell: all of that is unknown. */
function keepCompositions(plant: Plant): void {
  for (const id of outletIds) {
    const bin = plant.bins[id];
    bin.fell ??= emptyComposition(bin.totalG);
    bin.fellFabricsG ??= {};
    bin.inside ??= emptyComposition(bin.massG);
  }
  plant.press.inside ??= emptyComposition(plant.press.massG);
  plant.baleScale.inside ??= emptyComposition(plant.baleScale.massG);
}

/** A plant as it was saved, by this program or an older one, with everything that it must have now. */
export function upgradePlant(saved: unknown): Plant {
  const plant = saved as Plant & { line?: OldLine };
  const { line } = plant;
  if (line !== undefined) plant.plc = plcOf(line);
  delete plant.line;
  plant.panel ??= { remote: true, restarts: true };
  plant.sorter.programme ??= factoryProgramme();
  plant.sorter.divertTo ??= notDiverted();
  plant.nir.driftNm ??= 0;
  keepDampOfAll(plant);
  keepCompositions(plant);
  return plant;
}
