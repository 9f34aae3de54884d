import { isFull, levelPercent } from '../plant/bins.ts';
import { binIds, type BinId, type OutletId } from '../plant/outlets.ts';
import { binNumber, sorterClasses } from '../plant/sort-programme.ts';
import type { Verdict } from '../plant/sorter.ts';
import { flag, rounded, stateNode, type Node, type Plan } from './node-parts.ts';
import type { PlcWrites } from './plc-writes.ts';

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

function routeNodes(writes: PlcWrites): readonly Node[] {
  return sorterClasses.map((fabric, index) => ({
    name: `Route${index + 1}`,
    type: 'UInt16',
    description: `Outlet (1 to 8) of what is called ${fabric}`,
    value: (view) => binNumber(view.plant.sorter.programme.routes[fabric]),
    write: (value) => typeof value === 'number' && writes.setRoute(index, value),
  }));
}

function programmeNodes(writes: PlcWrites): readonly Node[] {
  return [
    {
      name: 'Programme.Id',
      type: 'String',
      description: 'Name of the programme in the table, as whoever loaded it wrote it',
      value: (view) => view.plant.sorter.programme.id,
      write: (value) => typeof value === 'string' && writes.setProgrammeId(value),
    },
    {
      name: 'Programme.Version',
      type: 'UInt32',
      description: 'Its version, likewise',
      value: (view) => view.plant.sorter.programme.version,
      write: (value) => typeof value === 'number' && writes.setProgrammeVersion(value),
    },
  ];
}

/** The sorter with its table. */
export function sorterPlan(writes: PlcWrites): Plan {
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
      ...routeNodes(writes),
      ...programmeNodes(writes),
    ],
  };
}

const emptyVerdicts = new Uint32Array();

function divertNode(bin: BinId, writes: PlcWrites): Node {
  return {
    name: 'DivertTo',
    type: 'UInt16',
    description: 'Bin (1 to 8) that takes what would fall here; 0 none',
    value: (view) => binNumber(view.plant.sorter.divertTo[bin]),
    write: (value) => typeof value === 'number' && writes.setDivert(bin, value),
  };
}

function containerPlan(path: string, outlet: OutletId, typeName: string, more: readonly Node[]): Plan {
  return {
    path,
    typeName,
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
      ...more,
    ],
  };
}

/** The eight bins and the skip. */
export function containerPlans(writes: PlcWrites): readonly Plan[] {
  return [
    ...binIds.map((outlet, index) =>
      containerPlan(`Bin${index + 1}`, outlet, 'ContainerType', [divertNode(outlet, writes)]),
    ),
    containerPlan('Skip', 'elimination', 'SkipType', []),
  ];
}
