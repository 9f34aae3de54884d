import type { PlantInputs } from './hazards.ts';
import {
  commandPlans,
  modeChangesIn,
  modesWithSequence,
  unitModeOf,
  type PackMlState,
  type PlcCommand,
} from './packml.ts';
import type { Plant } from './plant-state.ts';

/** Who gives a command: a supervising system through a link, or people at the panel. */
export type Origin = 'outside' | 'panel';

/** Why the PLC refuses. */
export type PlcRefusal =
  | 'not-running'
  | 'wrong-state'
  | 'wrong-mode'
  | 'unknown-mode'
  | 'local'
  | 'emergency-stop'
  | 'guard-open'
  | 'jam'
  | 'bin-full'
  | 'life-lost'
  | 'no-local-enable';

/** Changes the state, and takes the time. */
export function enter(plant: Plant, state: PackMlState): void {
  plant.plc.state = state;
  plant.plc.sinceMs = plant.timeMs;
}

/** What forbids to set the line in motion, whoever asks; null: nothing. */
export function unfitReason(plant: Plant, inputs: PlantInputs): PlcRefusal | null {
  const { plc } = plant;
  if (inputs.hazards.emergencyStop) return 'emergency-stop';
  if (!plc.guardClosed) return 'guard-open';
  if (plc.jam !== null) return 'jam';
  if (plc.fullSinceMs !== null) return 'bin-full';
  if (inputs.trameLost) return 'life-lost';
  return modesWithSequence.includes(plc.mode) ? null : 'wrong-mode';
}

/** Why the PLC would refuse a command now; null: it would take it. */
export function refusalOf(
  plant: Plant,
  command: PlcCommand,
  origin: Origin,
  inputs: PlantInputs,
): PlcRefusal | null {
  const { plc, panel } = plant;
  if (!plc.powered || plc.booting) return 'not-running';
  if (!commandPlans[command].takenIn.includes(plc.state)) return 'wrong-state';
  // Who wants the line to stand is never asked where the switch stands.
  if (command === 'stop' || command === 'hold') return null;
  if (origin === 'outside' && !panel.remote) return 'local';
  if (command === 'clear') return inputs.hazards.emergencyStop ? 'emergency-stop' : null;
  if (command === 'reset') return null;
  const unfit = unfitReason(plant, inputs);
  if (unfit !== null) return unfit;
  return origin === 'outside' && !inputs.enabled ? 'no-local-enable' : null;
}

/** Gives the PLC a command; it takes it at once, or says why not and does nothing. */
export function commandPlc(
  plant: Plant,
  command: PlcCommand,
  origin: Origin,
  inputs: PlantInputs,
): PlcRefusal | null {
  const refusal = refusalOf(plant, command, origin, inputs);
  if (refusal !== null) return refusal;
  enter(plant, commandPlans[command].by);
  if (command === 'start' || command === 'unhold') plant.plc.why = null;
  if ((command === 'stop' || command === 'hold') && origin === 'outside') plant.plc.why = 'outside';
  return null;
}

/** Asks for a unit mode by its number. Gives why it is refused, or null when it is in force. */
export function askMode(plant: Plant, number: number, origin: Origin): PlcRefusal | null {
  const { plc, panel } = plant;
  const mode = unitModeOf(number);
  if (mode === null) return 'unknown-mode';
  if (!plc.powered || plc.booting) return 'not-running';
  if (!modeChangesIn.includes(plc.state)) return 'wrong-state';
  if (origin === 'outside' && !panel.remote) return 'local';
  plc.mode = mode;
  plc.modeRequest = mode;
  return null;
}
