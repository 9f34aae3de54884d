import { addGarment, dryMassG, emptyComposition, type Composition } from './composition.ts';
import type { Garment } from './garment.ts';
import type { PlantInputs } from './hazards.ts';
import { outletIds, outletPlans, type BinId, type OutletId } from './outlets.ts';
import type { Plant } from './plant-state.ts';

/** A garment falls into an outlet: from here on it counts as put out. */
export function drop(plant: Plant, outlet: OutletId, garment: Garment): void {
  const bin = plant.bins[outlet];
  bin.massG += garment.massG;
  bin.totalG += garment.massG;
  bin.items += 1;
  addGarment(bin.fell, garment);
  addGarment(bin.inside, garment);
  bin.fellFabricsG[garment.fabric] = (bin.fellFabricsG[garment.fabric] ?? 0) + dryMassG(garment);
}

/** How full an outlet's container is, in percent of what it holds. */
export function levelPercent(plant: Plant, outlet: OutletId, inputs: PlantInputs): number {
  if (inputs.hazards.fullOutlets.includes(outlet)) return 100;
  return Math.min(100, (100 * plant.bins[outlet].massG) / outletPlans[outlet].capacityG);
}

/** Full: the sensor at the rim is covered. */
export function isFull(plant: Plant, outlet: OutletId, inputs: PlantInputs): boolean {
  const full = plant.bins[outlet].massG >= outletPlans[outlet].capacityG;
  return full || inputs.hazards.fullOutlets.includes(outlet);
}

/** Where what would fall into an outlet falls now: there, or where it is led. One step, never a chain. */
export function ledTo(plant: Plant, outlet: BinId): BinId;
export function ledTo(plant: Plant, outlet: OutletId): OutletId;
export function ledTo(plant: Plant, outlet: OutletId): OutletId {
  return outlet === 'elimination' ? outlet : (plant.sorter.divertTo[outlet] ?? outlet);
}

/** Outlets for which there is no room: full themselves, and led nowhere or into a full one. */
export function blockedOutlets(plant: Plant, inputs: PlantInputs): readonly OutletId[] {
  return outletIds.filter(
    (outlet) => isFull(plant, outlet, inputs) && isFull(plant, ledTo(plant, outlet), inputs),
  );
}

/** Takes the whole content out of a container. Gives its mass in grams, and what it is made of. */
export function emptyContainer(plant: Plant, outlet: OutletId): { massG: number; inside: Composition } {
  const bin = plant.bins[outlet];
  const { massG, inside } = bin;
  bin.massG = 0;
  bin.inside = emptyComposition();
  bin.removedG += massG;
  return { massG, inside };
}

/** The skip of what must be eliminated is changed for an empty one when it is nearly full. */
export function stepSkip(plant: Plant, inputs: PlantInputs): void {
  if (!inputs.crewPresent) return;
  if (plant.bins.elimination.massG >= outletPlans.elimination.callG) emptyContainer(plant, 'elimination');
}
