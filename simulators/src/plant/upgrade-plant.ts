import type { PackMlState } from './packml.ts';
import type { LinePhase, Plant } from './plant-state.ts';
import { allMotions, newPlc, type PlcState, type StandReason } from './plc-state.ts';
import { factoryProgramme, notDiverted } from './sort-programme.ts';

/** How the line stood in a plant that was saved before it had a PLC of its own. */
interface OldLine {
  readonly phase: LinePhase;
  readonly sinceMs: number;
  readonly guardClosed: boolean;
}

const stateOf: Readonly<Record<LinePhase, readonly [PackMlState, StandReason | null]>> = {
  off: ['stopped', 'power'],
  stopped: ['stopped', 'first'],
  // Its horn is sounded anew.
  starting: ['stopped', 'first'],
  running: ['execute', null],
  held: ['held', 'bin-full'],
  jammed: ['held', 'jam'],
  fault: ['aborted', 'emergency-stop'],
};

function plcOf({ phase, sinceMs, guardClosed }: OldLine): PlcState {
  const [state, why] = stateOf[phase];
  const motions = allMotions(state === 'execute' ? 'running' : 'standing');
  return { ...newPlc(), state, why, motions, sinceMs, guardClosed, powered: phase !== 'off' };
}

/** A plant as it was saved, by this program or an older one, with everything that it must have now. */
export function upgradePlant(saved: unknown): Plant {
  const plant = saved as Plant & { line?: OldLine };
  const { line } = plant;
  if (line !== undefined) plant.plc = plcOf(line);
  delete plant.line;
  plant.panel ??= { remote: true, restarts: true };
  plant.sorter.programme ??= factoryProgramme();
  plant.sorter.divertTo ??= notDiverted();
  return plant;
}
