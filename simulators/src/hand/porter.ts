import { between } from '../plant/random.ts';
import { putOnScale, takeOff } from './hand-acts.ts';
import type { HandInputs } from './hand-inputs.ts';
import { outputName, type HandPlant, type HandScaleState } from './hand-state.ts';
import { yardPlaces } from './yard.ts';

const carryMs = { low: 4_000, high: 9_000 };
const readMs = { low: 2_500, high: 5_000 };

/** What is carried onto a scale next: outputs first, for press and packing wait for their place. */
function nextThing(plant: HandPlant, scale: HandScaleState): string | null {
  const isLast = scale === plant.scales.at(-1);
  const output = isLast ? plant.finished[0] : undefined;
  if (output !== undefined) return outputName(output);
  if (scale !== plant.scales[0] || plant.yard.length >= yardPlaces) return null;
  return plant.trucks.find(({ loads }) => loads.length > 0)?.loads[0]?.vessel.id ?? null;
}

/** People who weigh by themselves, one thing after the other, while nobody outside says what to do. */
export function stepPorter(plant: HandPlant, scale: HandScaleState, inputs: HandInputs): void {
  if (inputs.led || !inputs.crewPresent || plant.timeMs < scale.porterDueMs) return;
  if (scale.on === null) {
    const thing = nextThing(plant, scale);
    if (thing === null) return;
    putOnScale(plant, thing, scale.id);
    scale.porterDueMs = plant.timeMs + between(plant.random.people, readMs.low, readMs.high);
    return;
  }
  if (scale.stored === null) return;
  takeOff(plant, scale.id, 'in');
  scale.porterDueMs = plant.timeMs + between(plant.random.people, carryMs.low, carryMs.high);
}
