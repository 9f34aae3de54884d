import { emptyComposition } from './composition.ts';
import type { PlantInputs } from './hazards.ts';
import type { Plant } from './plant-state.ts';
import type { Bale } from './step-events.ts';
import { normal } from './random.ts';
import { indicate, type Instrument } from './weighing.ts';

export const baleInstrument: Instrument = { maxG: 600_000, minG: 2_000, intervalG: 100 };
const stableForRecordMs = 1_000;
const staysMs = 7_000;

function read(plant: Plant, inputs: PlantInputs): void {
  const scale = plant.baleScale;
  const seen = indicate(baleInstrument, {
    massG: scale.massG,
    restMs: plant.timeMs - scale.sinceMs,
    noise: normal(plant.random.noise),
    disturbed: inputs.hazards.baleScaleDisturbed,
    overloaded: inputs.hazards.baleScaleOverloaded,
  });
  if (!seen.stable) scale.stableSinceMs = plant.timeMs;
  scale.grossG = seen.grossG;
  scale.stable = seen.stable;
  scale.overload = seen.overload;
  scale.belowMin = seen.belowMin;
}

/**
 * One step of the bale scale. A bale that stands still is stored in the alibi memory under the next number;
 * some seconds later it is rolled away to the stock. Gives the bale in the step in which it is stored.
 */
export function stepBaleScale(plant: Plant, inputs: PlantInputs): Bale | null {
  const scale = plant.baleScale;
  if (inputs.hazards.unpowered.includes('bale-scale')) {
    scale.stable = false;
    scale.stableSinceMs = plant.timeMs;
    return null;
  }
  read(plant, inputs);
  if (scale.outlet === null) return null;
  const settledMs = plant.timeMs - scale.stableSinceMs;
  if (scale.recorded) {
    if (!scale.stable || settledMs < staysMs) return null;
    scale.outlet = null;
    scale.massG = 0;
    scale.inside = emptyComposition();
    scale.sinceMs = plant.timeMs;
    return null;
  }
  if (!scale.stable || settledMs < stableForRecordMs) return null;
  scale.recorded = true;
  scale.alibi += 1;
  scale.totalG += scale.massG;
  plant.baledG[scale.outlet] += scale.massG;
  return {
    number: scale.alibi,
    outlet: scale.outlet,
    massG: scale.massG,
    indicatedG: scale.grossG,
    alibi: scale.alibi,
    atMs: Math.round(inputs.wallMs),
    inside: scale.inside,
  };
}
