import type { PlantInputs } from './hazards.ts';
import type { PackMlState, PlcCommand } from './packml.ts';
import { commandPlc, unfitReason } from './plc-command.ts';
import { stepMs, type Plant } from './plant-state.ts';
import { between } from './random.ts';

const reaction = { lowMs: 3_000, highMs: 8_000 };

/** What brings the line one state nearer to running. */
const nextCommand: Partial<Record<PackMlState, PlcCommand>> = {
  aborted: 'clear',
  stopped: 'reset',
  idle: 'start',
  held: 'unhold',
};

/** People at work restart what they see standing, unless it was stopped from outside or they were told to wait. */
function isTheirs(plant: Plant, inputs: PlantInputs): boolean {
  const { plc, panel } = plant;
  return inputs.crewPresent && panel.restarts && plc.why !== 'outside' && unfitReason(plant, inputs) === null;
}

/** One step of the crew at the panel: some seconds after they see a line that is fit to run, they bring it back. */
export function stepCrewAtPanel(plant: Plant, inputs: PlantInputs): void {
  const { plc } = plant;
  const { crew } = plc;
  const command = nextCommand[plc.state];
  if (command === undefined) {
    crew.dueMs = 0;
    if (plc.state === 'execute' || plc.state === 'holding' || plc.state === 'stopping') crew.atIt = false;
    return;
  }
  if (!isTheirs(plant, inputs)) {
    crew.dueMs = 0;
    crew.atIt = false;
    return;
  }
  if (crew.dueMs === 0) {
    const atOnce = crew.atIt || plc.why === 'first' || plc.why === 'power';
    const afterMs = atOnce ? stepMs : between(plant.random.people, reaction.lowMs, reaction.highMs);
    crew.dueMs = plant.timeMs + afterMs;
  }
  if (plant.timeMs < crew.dueMs) return;
  crew.dueMs = 0;
  crew.atIt = commandPlc(plant, command, 'panel', inputs) === null;
}
