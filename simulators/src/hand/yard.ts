import { garmentAt } from '../plant/garment.ts';
import { lotAt } from '../plant/lot.ts';
import { between, chance, integerBetween } from '../plant/random.ts';
import { deliveryAt, vesselAt } from './delivery.ts';
import type { HandInputs } from './hand-inputs.ts';
import type { HandLoad, HandPlant, Truck } from './hand-state.ts';

/** Trucks that may wait at once, and containers that may stand in the hall; a further truck is sent for later. */
export const maxTrucks = 2;
export const yardPlaces = 24;

const sendForBelow = 8;
const nextTruckMs = { low: 60_000, high: 240_000 };
const garmentsPerContainer = { low: 120, high: 260 };
const wetOdds = 0.08;
const wetShare = { low: 0.05, high: 0.22 };
const dryingEveryMs = 10_000;
const dryingShare = 0.004;

function nextLoad(plant: HandPlant, delivery: number): HandLoad {
  const { supply, random } = plant;
  const lot = lotAt(plant.seed, delivery);
  const first = supply.garments;
  const end = first + integerBetween(random.process, garmentsPerContainer.low, garmentsPerContainer.high);
  supply.garments = end;
  let massG = 0;
  for (let index = first; index < end; index += 1) massG += garmentAt(plant.seed, lot, index).massG;
  const wet = chance(random.process, wetOdds);
  const share = between(random.process, wetShare.low, wetShare.high);
  const vessel = vesselAt(plant.seed, supply.vessels);
  supply.vessels += 1;
  return {
    vessel,
    delivery,
    first,
    end,
    massG,
    waterG: wet ? Math.round(massG * share) : 0,
    received: false,
    weighed: null,
  };
}

function arrive(plant: HandPlant, wallMs: number): void {
  plant.supply.deliveries += 1;
  const { number, containers } = deliveryAt(plant.seed, plant.supply.deliveries);
  const loads = Array.from({ length: containers }, () => nextLoad(plant, number));
  plant.trucks.push({ delivery: number, loads, arrivedAtMs: Math.round(wallMs), refused: [] });
}

/** A truck leaves with what was turned away, once nothing of it stands in front of the scale any more. */
function leave(plant: HandPlant, truck: Truck): boolean {
  const onScale = plant.scales.some(
    ({ on }) => on?.kind === 'load' && on.from === 'truck' && on.load.delivery === truck.delivery,
  );
  if (truck.loads.length > 0 || onScale) return true;
  for (const load of truck.refused) plant.refusedG += load.massG + load.waterG;
  return false;
}

/** Damp evaporates from a container that is open. Gives the grams that left it. */
function dry(load: HandLoad): number {
  const lossG = Math.min(load.waterG, Math.ceil(load.waterG * dryingShare));
  load.waterG -= lossG;
  return lossG;
}

/** One step of the yard: trucks come when little is left to sort, and leave empty; wet containers dry. */
export function stepYard(plant: HandPlant, inputs: HandInputs): void {
  plant.trucks = plant.trucks.filter((truck) => leave(plant, truck));
  if (plant.timeMs % dryingEveryMs === 0) {
    for (const load of plant.yard) plant.waterLossG += dry(load);
    for (const { load } of plant.tables) if (load !== null) plant.waterLossG += dry(load);
  }
  const waiting = plant.yard.length + plant.trucks.reduce((sum, truck) => sum + truck.loads.length, 0);
  const { supply } = plant;
  if (waiting >= sendForBelow || plant.trucks.length >= maxTrucks) {
    supply.dueMs = 0;
    return;
  }
  if (supply.dueMs === 0) {
    const first = supply.deliveries === 0;
    supply.dueMs =
      plant.timeMs + (first ? 0 : between(plant.random.process, nextTruckMs.low, nextTruckMs.high));
  }
  if (plant.timeMs >= supply.dueMs) {
    supply.dueMs = 0;
    arrive(plant, inputs.wallMs);
  }
}
