import { stepBaleScale } from './bale-scale.ts';
import { stepInfeedBelt, stepOpening, stepSpeeds } from './belts.ts';
import { stepSkip } from './bins.ts';
import { stepEnergy } from './energy.ts';
import type { PlantInputs } from './hazards.ts';
import { stepInfeed } from './infeed.ts';
import { stepNir } from './nir.ts';
import { stepMs, type Plant } from './plant-state.ts';
import type { StepEvents } from './step-events.ts';
import { stepPlc } from './plc.ts';
import { stepPosts } from './posts.ts';
import { stepPress } from './press.ts';
import { stepSorter } from './sorter.ts';

/**
 * One step of the whole plant, `stepMs` of simulated time. It changes `plant` and nothing else; the same
 * plant and the same inputs always give the same result. Gives what must be kept
 * apart: the bale weighed and the garment read in this step, if any, and the garments that fell after they were read.
 */
export function stepPlant(plant: Plant, inputs: PlantInputs): StepEvents {
  plant.timeMs += stepMs;
  stepPlc(plant, inputs);
  stepSpeeds(plant);
  stepInfeed(plant, inputs);
  stepOpening(plant, inputs);
  stepInfeedBelt(plant);
  stepPosts(plant, inputs);
  const read = stepNir(plant, inputs);
  const falls = stepSorter(plant, inputs);
  stepSkip(plant, inputs);
  stepPress(plant, inputs);
  const bale = stepBaleScale(plant, inputs);
  stepEnergy(plant, inputs);
  return { bale, read, falls };
}
