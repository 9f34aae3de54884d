import { hopperMassG, tippingMassG } from './infeed.ts';
import { nirMassG } from './nir.ts';
import { outletIds, type OutletId } from './outlets.ts';
import type { Plant } from './plant-state.ts';
import { handsMassG } from './posts.ts';
import { sortingBeltMassG } from './sorter.ts';

/** The plant's mass, in grams. `inputG = Σ outputG + onLineG + waterLossG`, always, to the gram. */
export interface Books {
  readonly inputG: number;
  readonly outputG: Readonly<Record<OutletId, number>>;
  readonly onLineG: number;
  readonly waterLossG: number;
}

/** Counts what is where, each place from what lies there and not from the other figures. */
export function booksOf(plant: Plant): Books {
  const outputG = {} as Record<OutletId, number>;
  for (const id of outletIds) outputG[id] = plant.bins[id].totalG;
  const infeedBeltG = plant.infeedBelt.items.reduce((sum, item) => sum + item.garment.massG, 0);
  return {
    inputG: plant.infeedScale.totalG,
    outputG,
    onLineG:
      tippingMassG(plant) +
      hopperMassG(plant) +
      infeedBeltG +
      handsMassG(plant) +
      nirMassG(plant) +
      sortingBeltMassG(plant),
    waterLossG: plant.waterLossG,
  };
}
