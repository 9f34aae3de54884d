import type { Plant } from '../plant/plant-state.ts';
import { stationState, type StationState } from '../plant/station-state.ts';
import type { NodePlan, ObjectPlan } from './node-plan.ts';

/** What the NIR station knows when it shows its values. */
export interface NirView {
  readonly plant: Plant;
  readonly state: StationState;
  readonly dirty: boolean;
  /** The ring's places: the result that lies in each, null before the first. */
  readonly ring: readonly (NirRingEntry | null)[];
}

export interface NirRingEntry {
  readonly seq: number;
  readonly at: Date;
  readonly spectrum: Float32Array;
}

const msPerHour = 3_600_000;
const neverAt = new Date(0);
const noSpectrum = new Float32Array();

const stationNodes: readonly NodePlan<NirView>[] = [
  {
    name: 'State',
    type: 'UInt16',
    description: '0 off, 1 stopped, 2 starting, 3 running, 4 starved, 5 blocked, 6 jammed, 7 fault',
    value: (view) => view.state,
  },
  {
    name: 'Ready',
    type: 'Boolean',
    description: 'The lamp is warm and the station reads',
    value: (view) => view.state !== stationState.off,
  },
  {
    name: 'LensDirty',
    type: 'Boolean',
    description: 'The reference tile looks darker than it should',
    value: (view) => view.dirty,
  },
  {
    name: 'Seq',
    type: 'UInt32',
    description: 'Number of the last result; it lies in Result.<Seq mod 256>',
    value: (view) => view.plant.nir.seq,
  },
  {
    name: 'ItemsRead',
    type: 'UInt32',
    description: 'Garments read',
    value: (view) => view.plant.nir.seq,
  },
  {
    name: 'ItemsRefused',
    type: 'UInt32',
    description: 'Garments read whose spectrum the station could not name',
    value: (view) => view.plant.nir.refused,
  },
  {
    name: 'ItemsMissed',
    type: 'UInt32',
    description: 'Garments that passed without a read',
    value: (view) => view.plant.nir.missed,
  },
  {
    name: 'LampHours',
    type: 'Double',
    unit: 'h',
    range: { low: 0, high: 20_000 },
    description: 'Burning time of the lamp',
    value: (view) => Math.round((view.plant.nir.lampMs / msPerHour) * 100) / 100,
  },
  {
    name: 'LastClass',
    type: 'String',
    description: "What the station's own software called the last garment",
    value: (view) => view.plant.nir.lastClass,
  },
];

function resultPlan(slot: number): ObjectPlan<NirView> {
  return {
    path: `Result.${slot}`,
    typeName: 'ResultType',
    nodes: [
      {
        name: 'Seq',
        type: 'UInt32',
        description: 'Number of the result that lies here; 0 before the first',
        value: (view) => view.ring[slot]?.seq ?? 0,
      },
      {
        name: 'At',
        type: 'DateTime',
        description: 'When it was read',
        value: (view) => view.ring[slot]?.at ?? neverAt,
      },
      {
        name: 'Spectrum',
        type: 'FloatArray',
        description: 'Absorbance at 940 to 1680 nm, every 4 nm (186 values)',
        value: (view) => view.ring[slot]?.spectrum ?? noSpectrum,
      },
    ],
  };
}

export const nirStationPlan: ObjectPlan<NirView> = {
  path: 'Station',
  typeName: 'NirStationType',
  nodes: stationNodes,
};

/** One object per place of the ring; a result is read whole when its three nodes are read in one request. */
export function nirResultPlans(places: number): readonly ObjectPlan<NirView>[] {
  return Array.from({ length: places }, (_, slot) => resultPlan(slot));
}
