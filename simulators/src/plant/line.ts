import type { PlantInputs } from './hazards.ts';
import type { LinePhase, Plant } from './plant-state.ts';
import { stepMs } from './plant-state.ts';
import { between, chance } from './random.ts';
import { anyBinFull } from './bins.ts';

/** Warning horn before anything moves. */
export const hornMs = 3_000;
/** Mean running time between two jams that happen by themselves. */
const meanBetweenIncidentsMs = 25 * 60_000;
const crewReaction = { lowMs: 3_000, highMs: 8_000 };

function enter(plant: Plant, phase: LinePhase): void {
  plant.line.phase = phase;
  plant.line.sinceMs = plant.timeMs;
  plant.line.resetDueMs = 0;
}

/** What the safety circuit, the sensors and the bins impose on the line, the strongest first. */
function imposedPhase(plant: Plant, inputs: PlantInputs): LinePhase | null {
  const { hazards } = inputs;
  if (hazards.unpowered.includes('plc')) return 'off';
  if (hazards.emergencyStop) return 'fault';
  if (hazards.beltJam || hazards.sorterJam || plant.incident !== null) return 'jammed';
  return null;
}

/** The crew resets and restarts a line that is fit to run, a few seconds after seeing it. */
function crewRestart(plant: Plant, inputs: PlantInputs): void {
  const { line } = plant;
  if (!inputs.crewPresent) {
    line.resetDueMs = 0;
    return;
  }
  if (line.resetDueMs === 0) {
    const firstStart = line.phase === 'stopped';
    const reactionMs = between(plant.random.people, crewReaction.lowMs, crewReaction.highMs);
    line.resetDueMs = plant.timeMs + (firstStart ? stepMs : reactionMs);
  }
  if (plant.timeMs >= line.resetDueMs) enter(plant, 'starting');
}

function jamByChance(plant: Plant, inputs: PlantInputs): void {
  if (plant.incident !== null) {
    if (plant.timeMs >= plant.incident.untilMs) plant.incident = null;
    return;
  }
  const draw = chance(plant.random.process, stepMs / meanBetweenIncidentsMs);
  if (!draw || !inputs.incidents || plant.line.phase !== 'running') return;
  plant.incident = {
    kind: chance(plant.random.process, 0.6) ? 'belt' : 'sorter',
    untilMs: plant.timeMs + between(plant.random.process, 15_000, 40_000),
  };
}

/** One step of the line's own sequence: off, stopped, starting (horn), running, held, jammed, fault. */
export function stepLine(plant: Plant, inputs: PlantInputs): void {
  jamByChance(plant, inputs);
  const { line } = plant;
  const imposed = imposedPhase(plant, inputs);
  line.guardClosed = !(
    line.phase === 'jammed' &&
    plant.timeMs - line.sinceMs > 4_000 &&
    imposed === 'jammed'
  );
  if (imposed !== null) {
    if (line.phase !== imposed) enter(plant, imposed);
    return;
  }
  switch (line.phase) {
    case 'off':
      enter(plant, 'stopped');
      return;
    case 'stopped':
    case 'jammed':
    case 'fault':
      crewRestart(plant, inputs);
      return;
    case 'starting':
      if (plant.timeMs - line.sinceMs >= hornMs) enter(plant, 'running');
      return;
    case 'running':
      if (anyBinFull(plant, inputs)) enter(plant, 'held');
      return;
    case 'held':
      if (!anyBinFull(plant, inputs)) enter(plant, 'running');
      return;
  }
}
