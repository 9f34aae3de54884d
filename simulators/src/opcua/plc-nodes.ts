import { beltSpeedRangeMmS } from '../plant/belts.ts';
import { motorCurrentA } from '../plant/energy.ts';
import { hopperMassG } from '../plant/infeed.ts';
import type { MotorId, Plant } from '../plant/plant-state.ts';
import { commandPlan, linePlan, safetyPlan } from './line-nodes.ts';
import { flag, rounded, stateNode, type Node, type Plan } from './node-parts.ts';
import type { PlcWrites } from './plc-writes.ts';
import { containerPlans, sorterPlan } from './sorting-nodes.ts';

function motorNodes(motor: MotorId): readonly Node[] {
  return [
    {
      name: 'MotorCurrent',
      type: 'Float',
      unit: 'A',
      range: { low: 0, high: 40 },
      description: 'Current of the motor, per phase',
      value: (view) => rounded(motorCurrentA(view.plant, motor), 2),
    },
    {
      name: 'MotorTemperature',
      type: 'Float',
      unit: 'Cel',
      range: { low: -20, high: 150 },
      description: 'Winding temperature',
      value: (view) => rounded(view.plant.motors[motor].temperatureC, 1),
    },
  ];
}

function speedNode(speedMmS: (plant: Plant) => number): Node {
  return {
    name: 'Speed',
    type: 'Double',
    unit: 'm/s',
    range: { low: 0, high: 2 },
    description: 'Speed measured on the drum',
    value: (view) => rounded(speedMmS(view.plant) / 1_000, 3),
  };
}

function setpointNode(writes: PlcWrites): Node {
  return {
    name: 'SpeedSetpoint',
    type: 'Double',
    unit: 'm/s',
    range: { low: beltSpeedRangeMmS.low / 1_000, high: beltSpeedRangeMmS.high / 1_000 },
    description: 'Speed asked for',
    value: (view) => rounded(view.plant.infeedBelt.setpointMmS / 1_000, 3),
    write: (value) => typeof value === 'number' && writes.setBeltSpeed(Math.round(value * 1_000)),
  };
}

function beltPlans(writes: PlcWrites): readonly Plan[] {
  return [
    {
      path: 'InfeedBelt',
      typeName: 'InfeedBeltType',
      nodes: [
        stateNode('infeedBelt'),
        speedNode((plant) => plant.infeedBelt.speedMmS),
        setpointNode(writes),
        flag('Running', 'The motor turns', (view) => view.plant.infeedBelt.speedMmS > 0),
        flag('Jam', 'The jam sensor sees material piled up', (view) => view.states.infeedBelt === 6),
        ...motorNodes('infeedBelt'),
      ],
    },
    {
      path: 'SortingBelt',
      typeName: 'SortingBeltType',
      nodes: [
        stateNode('sortingBelt'),
        speedNode((plant) => plant.sortingBelt.speedMmS),
        flag('Running', 'The motor turns', (view) => view.plant.sortingBelt.speedMmS > 0),
        ...motorNodes('sortingBelt'),
      ],
    },
  ];
}

const stationPlans: readonly Plan[] = [
  {
    path: 'Hopper',
    typeName: 'HopperType',
    nodes: [
      stateNode('hopper'),
      {
        name: 'Level',
        type: 'Double',
        unit: '%',
        range: { low: 0, high: 110 },
        description: 'Level seen by the ultrasonic sensor',
        value: (view) => rounded(view.plant.hopper.levelPercent, 1),
      },
      {
        name: 'Mass',
        type: 'UInt32',
        unit: 'g',
        description: 'Content on the load cells',
        value: (view) => hopperMassG(view.plant),
      },
      flag('Empty', 'Nothing comes out of the mouth', (view) => view.plant.hopper.levelPercent < 3),
    ],
  },
  {
    path: 'Opening',
    typeName: 'OpeningTableType',
    nodes: [
      stateNode('opening'),
      flag('Running', 'The motor turns', (view) => view.plant.opening.running),
      ...motorNodes('opening'),
    ],
  },
  { path: 'Post1', typeName: 'SortingPostType', nodes: [stateNode('post1')] },
  { path: 'Post2', typeName: 'SortingPostType', nodes: [stateNode('post2')] },
  { path: 'Nir', typeName: 'NirInterfaceType', nodes: [stateNode('nir')] },
];

/** The PLC's address space: the line, its command, its stations, the eight bins and the skip. */
export function plcPlans(writes: PlcWrites): readonly Plan[] {
  return [
    linePlan(writes),
    commandPlan(writes),
    safetyPlan,
    ...stationPlans,
    ...beltPlans(writes),
    sorterPlan(writes),
    ...containerPlans(writes),
  ];
}
