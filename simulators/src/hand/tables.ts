import { garmentAt, type Garment } from '../plant/garment.ts';
import type { Fabric } from '../plant/materials.ts';
import { lotAt } from '../plant/lot.ts';
import { between, chance, pick } from '../plant/random.ts';
import type { HandInputs } from './hand-inputs.ts';
import { handBinIds, handBinPlans, handSkip, type HandOutletId } from './hand-outlets.ts';
import type { HandLoad, HandPlant, Table } from './hand-state.ts';

/** How long one piece takes at a table where two people sort. Simulated ms. */
const pieceMs = { low: 2_200, high: 4_200 };
const fetchMs = { low: 6_000, high: 14_000 };
/** One piece in forty lands in a neighbouring bin. */
export const misplacedOdds = 0.025;
/** A gram of dust comes off every fifth piece. */
const dustOdds = 0.2;
const sweepEveryMs = 30 * 60_000;

const recyclingByFabric: Readonly<Partial<Record<Fabric, HandOutletId>>> = {
  polyester: 'polymere',
  polyamide: 'polymere',
  polypropylene: 'polymere',
  flax: 'buchettes',
  viscose: 'buchettes',
};

/** Where somebody who feels the cloth and reads the label puts a piece. */
function rightOutlet(garment: Garment): HandOutletId {
  switch (garment.grade) {
    case 'creme':
    case 'reemploi':
    case 'essuyage':
    case 'csr':
      return garment.grade;
    case 'rebut':
      return 'elimination';
    case 'matiere':
      return recyclingByFabric[garment.fabric] ?? 'effilochage';
  }
}

function chosenOutlet(plant: HandPlant, garment: Garment): HandOutletId {
  const { people } = plant.random;
  const slip = chance(people, misplacedOdds);
  const neighbour = pick(
    people,
    handBinIds.map((id) => [id, 1] as const),
  );
  return slip ? neighbour : rightOutlet(garment);
}

/** Takes the next piece out of a container. The dust and the water it loses go where they go. */
function takePiece(plant: HandPlant, load: HandLoad): Garment {
  const garment = garmentAt(plant.seed, lotAt(plant.seed, load.delivery), load.first);
  load.first += 1;
  load.massG -= garment.massG;
  plant.waterLossG += garment.surplusWaterG;
  const dustG = chance(plant.random.people, dustOdds) ? 1 : 0;
  plant.floorG += dustG;
  if (load.first === load.end) {
    if (load.massG !== 0) throw new Error(`tables: an empty container still holds ${load.massG} g`);
    // Its last damp dries on the table.
    plant.waterLossG += load.waterG;
    load.waterG = 0;
  }
  return { ...garment, massG: garment.massG - garment.surplusWaterG - dustG, surplusWaterG: 0 };
}

function isFull(plant: HandPlant, outlet: HandOutletId): boolean {
  return outlet !== 'elimination' && plant.bins[outlet].massG >= handBinPlans[outlet].capacityG;
}

function stepTable(plant: HandPlant, table: Table, inputs: HandInputs): void {
  if (plant.timeMs < table.doneMs || !inputs.crewPresent) return;
  if (table.hand !== null) {
    if (isFull(plant, table.hand.outlet)) return;
    const bin = plant.bins[table.hand.outlet];
    bin.massG += table.hand.garment.massG;
    bin.totalG += table.hand.garment.massG;
    bin.items += 1;
    table.hand = null;
  }
  if (table.load === null && !inputs.led) {
    table.load = plant.yard.shift() ?? null;
    if (table.load === null) return;
    table.doneMs = plant.timeMs + between(plant.random.people, fetchMs.low, fetchMs.high);
    return;
  }
  if (table.load === null) return;
  const garment = takePiece(plant, table.load);
  table.hand = { garment, outlet: chosenOutlet(plant, garment) };
  table.doneMs = plant.timeMs + between(plant.random.people, pieceMs.low, pieceMs.high);
  if (table.load.first === table.load.end) table.load = null;
}

/** One step of the tables: pieces go into bins, the floor is swept into the skip, a full skip is carted off. */
export function stepTables(plant: HandPlant, inputs: HandInputs): void {
  for (const table of plant.tables) stepTable(plant, table, inputs);
  const skip = plant.bins.elimination;
  if (inputs.crewPresent && plant.timeMs % sweepEveryMs === 0) {
    skip.massG += plant.floorG;
    skip.totalG += plant.floorG;
    plant.floorG = 0;
  }
  if (inputs.crewPresent && skip.massG >= handSkip.callG) {
    skip.removedG += skip.massG;
    skip.massG = 0;
  }
}
