import { drop, ledTo } from './bins.ts';
import type { PlantInputs } from './hazards.ts';
import type { BinId } from './outlets.ts';
import { stepMs, type Plant, type SortingItem } from './plant-state.ts';
import type { Fall } from './step-events.ts';
import { chance } from './random.ts';

/** Where the garment of one NIR result is to go. */
export interface Verdict {
  readonly seq: number;
  readonly outlet: BinId;
}

/** Where the outlet of a garment must be known at the latest. */
const gateMm = 2_200;
/** Where each diverter stands. What none takes goes to the end, into the bin for sorting by hand. */
const diverterMm: Partial<Record<BinId, number>> = {
  effilochage: 2_500,
  polymere: 3_000,
  buchettes: 3_500,
  csr: 4_000,
};
const endMm = 4_600;
const missedEjectionOdds = 0.003;
/** Verdicts kept for garments still on their way; older ones are forgotten. */
const maxVerdicts = 64;
/**
 * Verdicts come in the order of results: where one of the next so many is there already, that of this garment will not come, and
 * the belt does not wait for it. Else a belt that is far behind would wait for each garment, and never catch up.
 */
const passedBySeqs = 512;

/** Accepts a verdict for a NIR result; from the first one on, the built-in programme is no longer asked. */
export function giveVerdict(plant: Plant, verdict: Verdict): void {
  plant.sorter.external = true;
  plant.sorter.verdicts.push({ ...verdict });
  if (plant.sorter.verdicts.length > maxVerdicts) plant.sorter.verdicts.shift();
}

function builtInOutlet(plant: Plant, item: SortingItem): BinId {
  const { called } = item;
  return called === 'unreadable' || called === 'missed' ? 'manuel' : plant.sorter.programme.routes[called];
}

/** The outlet of a garment at the gate, or `wait` while a verdict may still come. */
function outletAtGate(plant: Plant, item: SortingItem, inputs: PlantInputs): BinId | 'wait' {
  const { sorter } = plant;
  if (item.seq === null) return 'manuel';
  if (!sorter.external) return builtInOutlet(plant, item);
  const found = sorter.verdicts.findIndex((verdict) => verdict.seq === item.seq);
  const verdict = sorter.verdicts[found];
  if (verdict !== undefined) {
    sorter.verdicts.splice(found, 1);
    return verdict.outlet;
  }
  const { seq } = item;
  const isPassedBy = sorter.verdicts.some((later) => later.seq > seq && later.seq - seq <= passedBySeqs);
  if (!isPassedBy && sorter.waitedMs < inputs.verdictPatienceMs) return 'wait';
  sorter.withoutVerdict += 1;
  return 'manuel';
}

function decide(plant: Plant, item: SortingItem, inputs: PlantInputs): boolean {
  const outlet = outletAtGate(plant, item, inputs);
  if (outlet === 'wait') {
    plant.sorter.waitedMs += stepMs;
    return false;
  }
  plant.sorter.waitedMs = 0;
  const missed = outlet !== 'manuel' && chance(plant.random.process, missedEjectionOdds);
  if (missed) plant.sorter.missedEjections += 1;
  item.outlet = ledTo(plant, missed ? 'manuel' : outlet);
  return true;
}

const noFalls: readonly Fall[] = [];

/**
 * One step of the sorting belt: outlets are decided at the gate, garments fall at their diverter. Gives those that were
 * read and have fallen in it.
 */
export function stepSorter(plant: Plant, inputs: PlantInputs): readonly Fall[] {
  const { sortingBelt } = plant;
  const travelMm = (sortingBelt.speedMmS * stepMs) / 1_000;
  if (travelMm === 0) return noFalls;
  const atGate = sortingBelt.items.filter((item) => item.outlet === null && item.xMm >= gateMm);
  if (!atGate.every((item) => decide(plant, item, inputs))) return noFalls;
  for (const item of sortingBelt.items) item.xMm += travelMm;
  const falls: Fall[] = [];
  sortingBelt.items = sortingBelt.items.filter((item) => {
    if (item.outlet === null || item.xMm < (diverterMm[item.outlet] ?? endMm)) return true;
    drop(plant, item.outlet, item.garment);
    if (item.seq !== null) falls.push({ seq: item.seq, outlet: item.outlet });
    return false;
  });
  return falls;
}

/** Grams on the sorting belt. */
export function sortingBeltMassG(plant: Plant): number {
  return plant.sortingBelt.items.reduce((sum, item) => sum + item.garment.massG, 0);
}
