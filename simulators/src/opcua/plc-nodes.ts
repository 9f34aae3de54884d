import { beltSpeedRangeMmS } from '../plant/belts.ts';
import { isFull, levelPercent } from '../plant/bins.ts';
import { motorCurrentA } from '../plant/energy.ts';
import type { PlantInputs } from '../plant/hazards.ts';
import { hopperMassG } from '../plant/infeed.ts';
import { binIds, type OutletId } from '../plant/outlets.ts';
import type { MotorId, Plant } from '../plant/plant-state.ts';
import type { StationId } from '../plant/stations.ts';
import type { Verdict } from '../plant/sorter.ts';
import type { StationState } from '../plant/station-state.ts';
import type { NodePlan, ObjectPlan } from './node-plan.ts';

/** What the PLC knows when it shows its values. */
export interface PlcView {
  readonly plant: Plant;
  readonly inputs: PlantInputs;
  readonly states: Readonly<Record<StationId, StationState>>;
  /** The line's state by the numbers of ISA-TR88.00.02 (PackML). */
  readonly packMlState: number;
  /** Counts up twice a second while the PLC's program runs; wraps at 2³². */
  readonly life: number;
}

/** What clients may do through the PLC. Each gives false when the value is refused. */
export interface PlcWrites {
  readonly setBeltSpeed: (mmS: number) => boolean;
  readonly giveVerdicts: (verdicts: readonly Verdict[]) => boolean;
}

type Node = NodePlan<PlcView>;
type Plan = ObjectPlan<PlcView>;

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

function stateNode(station: StationId): Node {
  return {
    name: 'State',
    type: 'UInt16',
    description: '0 off, 1 stopped, 2 starting, 3 running, 4 starved, 5 blocked, 6 jammed, 7 fault',
    value: (view) => view.states[station],
  };
}

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

function flag(name: string, description: string, value: (view: PlcView) => boolean): Node {
  return { name, type: 'Boolean', description, value };
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

function runningPhase(view: PlcView): boolean {
  return view.plant.line.phase === 'running';
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

/** Reads `[seq, outlet index from 1, …]`; null when it is not that. */
function verdictsOf(value: unknown): Verdict[] | null {
  const flat = value instanceof Uint32Array || Array.isArray(value) ? Array.from(value) : null;
  if (flat === null || flat.length === 0 || flat.length % 2 !== 0) return null;
  const verdicts: Verdict[] = [];
  for (let at = 0; at < flat.length; at += 2) {
    const outlet = binIds[Number(flat[at + 1]) - 1];
    if (outlet === undefined) return null;
    verdicts.push({ seq: Number(flat[at]), outlet });
  }
  return verdicts;
}

function sorterPlan(writes: PlcWrites): Plan {
  return {
    path: 'Sorter',
    typeName: 'SorterType',
    nodes: [
      stateNode('sorter'),
      flag('Jam', 'The jam sensor sees material piled up', (view) => view.states.sorter === 6),
      flag('ExternalVerdicts', 'Outlets come from outside', (view) => view.plant.sorter.external),
      {
        name: 'WithoutVerdict',
        type: 'UInt32',
        description: 'Garments sent to hand sorting because no verdict had come',
        value: (view) => view.plant.sorter.withoutVerdict,
      },
      {
        name: 'MissedEjections',
        type: 'UInt32',
        description: 'Garments that no diverter caught',
        value: (view) => view.plant.sorter.missedEjections,
      },
      {
        name: 'Verdicts',
        type: 'UInt32Array',
        description: 'Write pairs: NIR result number, outlet index (1 to 8). Reads as what was last taken.',
        value: () => emptyVerdicts,
        write: (value) => {
          const verdicts = verdictsOf(value);
          return verdicts !== null && writes.giveVerdicts(verdicts);
        },
      },
    ],
  };
}

const emptyVerdicts = new Uint32Array();

function containerPlan(path: string, outlet: OutletId): Plan {
  return {
    path,
    typeName: 'ContainerType',
    nodes: [
      {
        name: 'Outlet',
        type: 'String',
        description: 'The outlet that this container collects',
        value: () => outlet,
      },
      {
        name: 'Level',
        type: 'Double',
        unit: '%',
        range: { low: 0, high: 100 },
        description: 'How full it is',
        value: (view) => rounded(levelPercent(view.plant, outlet, view.inputs), 1),
      },
      {
        name: 'Mass',
        type: 'UInt32',
        unit: 'g',
        description: 'Content on the load cell',
        value: (view) => view.plant.bins[outlet].massG,
      },
      {
        name: 'Total',
        type: 'UInt64',
        unit: 'g',
        description: 'Everything that ever fell into it; never reset',
        value: (view) => BigInt(view.plant.bins[outlet].totalG),
      },
      {
        name: 'Items',
        type: 'UInt32',
        description: 'Garments that ever fell into it',
        value: (view) => view.plant.bins[outlet].items,
      },
      flag('Full', 'The sensor at the rim is covered', (view) => isFull(view.plant, outlet, view.inputs)),
    ],
  };
}

const linePlan: Plan = {
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
    flag('Running', 'The line runs', runningPhase),
    flag('Horn', 'The warning horn sounds before the start', (view) => view.plant.line.phase === 'starting'),
    flag('Remote', 'The switch stands on remote', () => true),
    {
      name: 'LifeCounter',
      type: 'UInt32',
      description: 'Counts up twice a second while the program runs',
      value: (view) => view.life,
    },
  ],
};

const safetyPlan: Plan = {
  path: 'Safety',
  typeName: 'SafetyType',
  nodes: [
    flag('EmergencyStop', 'An emergency stop is pressed', (view) => view.inputs.hazards.emergencyStop),
    flag('GuardDoorsClosed', 'All guard doors are closed', (view) => view.plant.line.guardClosed),
  ],
};

/** The PLC's address space: the line, its stations, the eight bins and the skip. */
export function plcPlans(writes: PlcWrites): readonly Plan[] {
  return [
    linePlan,
    safetyPlan,
    ...stationPlans,
    ...beltPlans(writes),
    sorterPlan(writes),
    ...binIds.map((outlet, index) => containerPlan(`Bin${index + 1}`, outlet)),
    containerPlan('Skip', 'elimination'),
  ];
}
