import type { Garment } from '../plant/garment.ts';
import { seedRandom, type RandomState } from '../plant/random.ts';
import type { Vessel } from './delivery.ts';
import {
  byHandBin,
  byHandOutlet,
  handBinPlans,
  handSkip,
  type HandBinId,
  type HandOutletId,
  type OutputUnit,
} from './hand-outlets.ts';

/** Instruments that a hand line may have: one for everything, or a second one for outputs alone. */
export const handScaleIds = ['platform-scale', 'bale-scale'] as const;
export type HandScaleId = (typeof handScaleIds)[number];

/** What stands under one number of a scale's alibi memory. */
export interface StoredWeight {
  scale: HandScaleId;
  alibi: number;
  /** Net of the tare in force: what the indicator stored. */
  indicatedG: number;
}

/** A container with what is in it: garments `first` to `end` (excluded) of a delivery. */
export interface HandLoad {
  vessel: Vessel;
  delivery: number;
  first: number;
  end: number;
  /** Garments, without the water below. */
  massG: number;
  /** Rain and damp that will dry off. */
  waterG: number;
  /** Taken in: it has been weighed and counts as input. */
  received: boolean;
  weighed: StoredWeight | null;
}

/** A truck in the yard. */
export interface Truck {
  delivery: number;
  loads: HandLoad[];
  /** Wall-clock ms. */
  arrivedAtMs: number;
  /** Containers that were turned away leave with it. */
  refused: HandLoad[];
}

/** A bale, a sack or a crate. */
export interface HandOutput {
  /** From 1, in the order in which they were made. */
  number: number;
  unit: OutputUnit;
  outlet: HandBinId;
  /** Textile alone. */
  massG: number;
  packagingG: number;
  /** Where it was pressed; null when it was packed by hand. */
  press: string | null;
  /** Wall-clock ms. */
  madeAtMs: number;
  weighed: StoredWeight | null;
}

export type OnScale =
  | { kind: 'load'; load: HandLoad; from: 'truck' | 'yard' }
  | { kind: 'output'; output: HandOutput; from: 'finished' | 'stock' };

export interface HandScaleState {
  id: HandScaleId;
  on: OnScale | null;
  sinceMs: number;
  stableSinceMs: number;
  /** The number under which what stands there was stored; null until then. */
  stored: StoredWeight | null;
  tareG: number;
  zeroG: number;
  alibi: number;
  lastAlibiG: number;
  /** Non-resetting: every weight ever stored, at the inner resolution of 1 g. */
  totalG: number;
  grossG: number;
  stable: boolean;
  overload: boolean;
  belowMin: boolean;
  /** When whoever carries things by himself does the next step. Simulated ms. */
  porterDueMs: number;
}

/** A table where people sort one container at a time. Nothing is known of them. */
export interface Table {
  load: HandLoad | null;
  hand: { garment: Garment; outlet: HandOutletId } | null;
  doneMs: number;
}

export interface HandBin {
  massG: number;
  /** Non-resetting: everything that ever fell into it. */
  totalG: number;
  items: number;
  removedG: number;
}

/** One output being made. */
export interface Making {
  outlet: HandBinId;
  massG: number;
  workMs: number;
  needMs: number;
}

/** A hand line as plain data: saved as it is, and continued from there. */
export interface HandPlant {
  seed: number;
  timeMs: number;
  random: { people: RandomState; process: RandomState; noise: RandomState };
  supply: { deliveries: number; garments: number; vessels: number; dueMs: number };
  trucks: Truck[];
  yard: HandLoad[];
  tables: Table[];
  bins: Record<HandOutletId, HandBin>;
  press: Making | null;
  packing: Making | null;
  /** Made, and not yet weighed. */
  finished: HandOutput[];
  /** Weighed; the last ones, oldest first. */
  stock: HandOutput[];
  made: number;
  weighed: number;
  baledG: Record<HandBinId, number>;
  scales: HandScaleState[];
  /** Dust under the tables, until it is swept into the skip. */
  floorG: number;
  receivedG: number;
  refusedG: number;
  waterLossG: number;
  itemsReceived: number;
  containersReceived: number;
}

export const tableCount = 4;

function emptyScale(id: HandScaleId): HandScaleState {
  return {
    id,
    on: null,
    sinceMs: 0,
    stableSinceMs: 0,
    stored: null,
    tareG: 0,
    zeroG: 0,
    alibi: 0,
    lastAlibiG: 0,
    totalG: 0,
    grossG: 0,
    stable: false,
    overload: false,
    belowMin: true,
    porterDueMs: 0,
  };
}

/** A hand line on its first morning. `seed` is a uint32; with two scales the second weighs outputs alone. */
export function newHandPlant(seed: number, scales: 1 | 2): HandPlant {
  return {
    seed,
    timeMs: 0,
    random: { people: seedRandom(seed, 11), process: seedRandom(seed, 12), noise: seedRandom(seed, 13) },
    supply: { deliveries: 0, garments: 0, vessels: 0, dueMs: 0 },
    trucks: [],
    yard: [],
    tables: Array.from({ length: tableCount }, () => ({ load: null, hand: null, doneMs: 0 })),
    bins: byHandOutlet((id) => ({
      massG: id === 'elimination' ? handSkip.initialG : handBinPlans[id].initialG,
      totalG: 0,
      items: 0,
      removedG: 0,
    })),
    press: null,
    packing: null,
    finished: [],
    stock: [],
    made: 0,
    weighed: 0,
    baledG: byHandBin(() => 0),
    scales: handScaleIds.slice(0, scales).map(emptyScale),
    floorG: 0,
    receivedG: 0,
    refusedG: 0,
    waterLossG: 0,
    itemsReceived: 0,
    containersReceived: 0,
  };
}

/** What a container holds now, its damp included. Grams. */
export function contentG(load: HandLoad): number {
  return load.massG + load.waterG;
}

/** How an output is called on the floor, as the chalk on it says: unit and number. */
export function outputName(output: HandOutput): string {
  const letter = { bale: 'B', sack: 'S', crate: 'K' }[output.unit];
  return `${letter}-${String(output.number).padStart(4, '0')}`;
}
