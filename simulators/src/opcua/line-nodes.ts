import { hornSounds, linePhase } from '../plant/plc.ts';
import type { Handshake } from '../plant/plc-state.ts';
import { flag, stateNode, type Plan } from './node-parts.ts';
import type { PlcView } from './plc-view.ts';
import type { PlcWrites } from './plc-writes.ts';

/** The line as a whole: its state, its switch, its life counters. */
export function linePlan(writes: PlcWrites): Plan {
  return {
    path: 'Line',
    typeName: 'LineType',
    nodes: [
      stateNode('line'),
      {
        name: 'PackMLState',
        type: 'Int32',
        description: 'State by the numbers of ISA-TR88.00.02 (6 Execute, 11 Held, 9 Aborted…)',
        value: (view) => view.packMlState,
      },
      flag('Running', 'Material moves', (view) => linePhase(view.plant) === 'running'),
      flag('Horn', 'The warning horn sounds before anything moves', (view) => hornSounds(view.plant)),
      flag('Remote', 'The switch stands on remote', (view) => view.plant.panel.remote),
      flag('LocalEnable', 'Somebody at the panel presses the enable', (view) => view.localEnable),
      {
        name: 'UnitMode',
        type: 'Int32',
        description: '1 production, 2 maintenance, 3 manual, 4 school',
        value: (view) => view.plant.plc.mode,
      },
      {
        name: 'UnitModeRequest',
        type: 'Int32',
        description: 'Write the mode asked for; refused in a state that forbids it',
        value: (view) => view.plant.plc.modeRequest,
        write: (value) => (typeof value === 'number' ? writes.askMode(value) : false),
      },
      {
        name: 'LifeCounter',
        type: 'UInt32',
        description: 'Counts up twice a second while the program runs',
        value: (view) => view.life,
      },
      {
        name: 'TrameLife',
        type: 'UInt32',
        description: 'Life counter of the supervising system, which writes it',
        value: (view) => view.plant.plc.trameLife,
        write: (value) => typeof value === 'number' && writes.writeLife(value),
      },
      flag('TrameLifeLost', 'It counted and stands still: the line is held', (view) => view.inputs.trameLost),
    ],
  };
}

/** The bits by which a link asks for a command. */
export function commandPlan(writes: PlcWrites): Plan {
  return {
    path: 'Command',
    typeName: 'HandshakeType',
    nodes: [
      {
        name: 'Code',
        type: 'UInt16',
        description: '1 reset, 2 start, 3 stop, 4 hold, 5 unhold, 9 clear; read when the request rises',
        value: (view) => view.plant.plc.handshakes.opcua.code,
        write: (value) => typeof value === 'number' && writes.writeCode(value),
      },
      {
        ...flag('Request', 'Asks for the command of the code', (view) => bits(view).request),
        write: (value) => typeof value === 'boolean' && writes.writeRequest(value),
      },
      flag('Acknowledge', 'The request was seen', (view) => bits(view).acknowledge),
      flag('Done', 'The state that it leads to is reached', (view) => bits(view).done),
      flag('Refused', 'It is refused, or cannot be reached any more', (view) => bits(view).refused),
    ],
  };
}

function bits(view: PlcView): Handshake {
  return view.plant.plc.handshakes.opcua;
}

export const safetyPlan: Plan = {
  path: 'Safety',
  typeName: 'SafetyType',
  nodes: [
    flag('EmergencyStop', 'An emergency stop is pressed', (view) => view.inputs.hazards.emergencyStop),
    flag('GuardDoorsClosed', 'All guard doors are closed', (view) => view.plant.plc.guardClosed),
  ],
};
