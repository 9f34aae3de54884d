import { stepMs } from '../plant/plant-state.ts';
import type { HandInputs } from './hand-inputs.ts';
import { stepHandScale } from './hand-scale.ts';
import type { HandOutput, HandPlant } from './hand-state.ts';
import { stepPacking } from './packing.ts';
import { stepPorter } from './porter.ts';
import { stepTables } from './tables.ts';
import { stepYard } from './yard.ts';

/**
 * One step of a hand line, `stepMs` of simulated time. It changes `plant` and nothing else; the same plant and the
 * same inputs always give the same result. Gives the outputs that were weighed for the first time in it.
 */
export function stepHandPlant(plant: HandPlant, inputs: HandInputs): HandOutput[] {
  plant.timeMs += stepMs;
  stepYard(plant, inputs);
  stepTables(plant, inputs);
  stepPacking(plant, inputs);
  const weighed: HandOutput[] = [];
  for (const scale of plant.scales) {
    stepPorter(plant, scale, inputs);
    const output = stepHandScale(plant, scale, inputs);
    if (output !== null) weighed.push(output);
  }
  return weighed;
}
