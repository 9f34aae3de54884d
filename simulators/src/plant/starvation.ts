import type { Plant } from './plant-state.ts';

/** Nothing seen for this long, and a station calls itself starved. Simulated ms. */
const starvedAfterMs = 15_000;
const emptyHopperPercent = 3;

/** Whether something that last happened at `sinceMs` is long ago. */
export function isQuiet(plant: Plant, sinceMs: number): boolean {
  return plant.timeMs - sinceMs > starvedAfterMs;
}

export function hasNoFeed(plant: Plant): boolean {
  return plant.hopper.levelPercent < emptyHopperPercent;
}

export function isBeltEmpty(plant: Plant): boolean {
  return hasNoFeed(plant) && plant.infeedBelt.items.length === 0;
}

/** Nothing comes in and nothing is left to be sorted. */
export function isStarved(plant: Plant): boolean {
  return isBeltEmpty(plant) && isQuiet(plant, plant.nir.lastReadMs);
}
