import { noHazards, type Hazards, type PlantInputs } from './hazards.ts';
import { newPlant, stepMs, type Plant } from './plant-state.ts';
import { stepPlant } from './step.ts';

/** Nobody at work, nothing wrong, the local enable pressed. */
export const quiet: PlantInputs = {
  hazards: noHazards,
  crewPresent: false,
  incidents: false,
  verdictPatienceMs: 0,
  enabled: true,
  trameLost: false,
  wallMs: 0,
};

/** The quiet line with something wrong with it. */
export function wrong(hazards: Partial<Hazards>): PlantInputs {
  return { ...quiet, hazards: { ...noHazards, ...hazards } };
}

/** Lets simulated time pass. `look` sees the plant after each step. */
export function pass(
  plant: Plant,
  ms: number,
  inputs: PlantInputs = quiet,
  look: (plant: Plant) => void = () => undefined,
): void {
  for (let step = 0; step < ms / stepMs; step += 1) {
    stepPlant(plant, inputs);
    look(plant);
  }
}

/** A line with material everywhere, started by its crew; from then on nobody is at work. */
export function workingLine(seed = 4): Plant {
  const plant = newPlant(seed);
  pass(plant, 3 * 60_000, { ...quiet, crewPresent: true });
  if (plant.plc.state !== 'execute') throw new Error(`the line is ${plant.plc.state}`);
  return plant;
}
