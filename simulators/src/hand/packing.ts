import { stepMs } from '../plant/plant-state.ts';
import { between } from '../plant/random.ts';
import type { HandInputs } from './hand-inputs.ts';
import { handBinIds, handBinPlans, type HandBinId } from './hand-outlets.ts';
import type { HandPlant, Making } from './hand-state.ts';

/** The vertical press, as the site calls it. */
export const pressName = 'presse-1';
/** Outputs that may stand in front of the scale; press and packing wait when there are so many. */
export const maxFinished = 10;

/** Filling, compressing, tying and ejecting of one bale. */
const pressMs = 95_000;
const packMs = { low: 22_000, high: 40_000 };

/** The bin that most needs to be emptied into what is made here: the fullest beyond its portion. */
function calledBin(plant: HandPlant, isPressed: boolean): HandBinId | null {
  let best: HandBinId | null = null;
  let bestRatio = 1;
  for (const id of handBinIds) {
    const { unit, portionG } = handBinPlans[id];
    if ((unit === 'bale') !== isPressed) continue;
    const ratio = plant.bins[id].massG / portionG;
    if (ratio < bestRatio) continue;
    best = id;
    bestRatio = ratio;
  }
  return best;
}

/** Takes one portion, or all when less than half of another would be left. */
function begin(plant: HandPlant, outlet: HandBinId, needMs: number): Making {
  const bin = plant.bins[outlet];
  const { portionG } = handBinPlans[outlet];
  const massG = bin.massG < portionG * 1.5 ? bin.massG : portionG;
  bin.massG -= massG;
  bin.removedG += massG;
  return { outlet, massG, workMs: 0, needMs };
}

function finish(plant: HandPlant, { outlet, massG }: Making, press: string | null, wallMs: number): void {
  const { unit, packagingG } = handBinPlans[outlet];
  plant.made += 1;
  plant.finished.push({
    number: plant.made,
    unit,
    outlet,
    massG,
    packagingG,
    press,
    madeAtMs: Math.round(wallMs),
    weighed: null,
  });
}

/** One step of one working place. Gives what is being made there after it. */
function step(plant: HandPlant, making: Making | null, isPress: boolean, inputs: HandInputs): Making | null {
  if (making !== null) {
    making.workMs += stepMs;
    if (making.workMs < making.needMs || plant.finished.length >= maxFinished) return making;
    finish(plant, making, isPress ? pressName : null, inputs.wallMs);
    return null;
  }
  const outlet = calledBin(plant, isPress);
  if (outlet === null) return null;
  return begin(plant, outlet, isPress ? pressMs : between(plant.random.people, packMs.low, packMs.high));
}

/** One step of the press and of the packing place, where sacks and crates are filled. */
export function stepPacking(plant: HandPlant, inputs: HandInputs): void {
  if (!inputs.crewPresent) return;
  plant.packing = step(plant, plant.packing, false, inputs);
  if (inputs.hazards.pressBlocked || inputs.hazards.unpowered.includes('press')) return;
  plant.press = step(plant, plant.press, true, inputs);
}
