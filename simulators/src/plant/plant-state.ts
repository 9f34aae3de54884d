import { emptyComposition, type Composition } from './composition.ts';
import type { Garment } from './garment.ts';
import type { BinId, OutletId } from './outlets.ts';
import { outletIds, outletPlans } from './outlets.ts';
import { factoryProgramme, notDiverted, type SortProgramme } from './sort-programme.ts';
import { seedRandom, type RandomState } from './random.ts';
import type { Fabric } from './materials.ts';
import { newPlc, type PlcState } from './plc-state.ts';

/** One simulated step. Everything in the plant moves by this much, whatever the speed. */
export const stepMs = 50;

/** Where a cage of garments comes from: garments `first` to `end` (excluded) of a lot. */
export interface Cage {
  lot: number;
  first: number;
  end: number;
  massG: number;
}

export type InfeedPhase = 'empty' | 'placing' | 'weighing' | 'tipping' | 'leaving';

export interface InfeedScaleState {
  phase: InfeedPhase;
  sinceMs: number;
  cage: Cage | null;
  tareG: number;
  zeroG: number;
  /** Non-resetting: everything ever tipped from the scale into the hopper. */
  totalG: number;
  cagesWeighed: number;
  grossG: number;
  stable: boolean;
  overload: boolean;
  belowMin: boolean;
  stableSinceMs: number;
}

export interface BeltItem {
  garment: Garment;
  xMm: number;
  /** Posts that have already looked at it. */
  seen: number;
}

export interface SortingItem {
  garment: Garment;
  xMm: number;
  /** Number of its NIR result; null when it was never read. */
  seq: number | null;
  called: Fabric | 'unreadable' | 'missed';
  outlet: BinId | null;
}

export interface Post {
  hand: { garment: Garment; outlet: BinId; doneMs: number } | null;
  lastItemMs: number;
  blocked: boolean;
}

export interface Bin {
  massG: number;
  /** Non-resetting: everything that ever fell into it. */
  totalG: number;
  items: number;
  /** Taken away: pressed or carted off. */
  removedG: number;
  /** What everything that ever fell into it was made of; its grams sum to `totalG`. */
  fell: Composition;
  /** The same without water, by fabric. What fell before the plant kept account of it is missing. */
  fellFabricsG: Partial<Record<Fabric, number>>;
  /** What lies in it now; its grams sum to `massG`. */
  inside: Composition;
}

export type PressPhase = 'idle' | 'filling' | 'compressing' | 'tying' | 'ejecting' | 'waiting';

export type LinePhase = 'off' | 'stopped' | 'starting' | 'running' | 'held' | 'jammed' | 'fault';

export interface Motor {
  powerW: number;
  temperatureC: number;
}

export const motorIds = ['opening', 'infeedBelt', 'sortingBelt', 'pressPump'] as const;
export type MotorId = (typeof motorIds)[number];

/** The whole plant as plain data: saved as it is, and continued from there. */
export interface Plant {
  seed: number;
  timeMs: number;
  random: { people: RandomState; process: RandomState; noise: RandomState };
  plc: PlcState;
  /** The switch at the panel, and whether the crew restarts by itself what stands. */
  panel: { remote: boolean; restarts: boolean };
  incident: { kind: 'belt' | 'sorter'; untilMs: number } | null;
  supply: { lot: number; cagesLeft: number; nextIndex: number };
  /** What was tipped of the last lots, oldest first. Plants that were saved by an older program have none. */
  tipped?: { lot: number; cages: number; massG: number }[];
  infeedScale: InfeedScaleState;
  hopper: { cages: Cage[]; levelPercent: number };
  opening: { leftMm: number; running: boolean };
  infeedBelt: { speedMmS: number; setpointMmS: number; items: BeltItem[] };
  posts: [Post, Post];
  nir: {
    waiting: Garment[];
    nextReadMs: number;
    lastReadMs: number;
    reading: { garment: Garment; doneMs: number } | null;
    seq: number;
    /** How far the axis of wavelengths has walked away. */
    driftNm: number;
    missed: number;
    refused: number;
    lampMs: number;
    lastClass: string;
  };
  sortingBelt: { speedMmS: number; items: SortingItem[] };
  sorter: {
    external: boolean;
    verdicts: { seq: number; outlet: BinId }[];
    waitedMs: number;
    withoutVerdict: number;
    missedEjections: number;
    programme: SortProgramme;
    /** Where an outlet is led elsewhere; none: null. */
    divertTo: Record<BinId, BinId | null>;
  };
  bins: Record<OutletId, Bin>;
  press: {
    phase: PressPhase;
    sinceMs: number;
    workMs: number;
    outlet: BinId | null;
    massG: number;
    inside: Composition;
    bales: number;
    strokes: number;
    pressureDeciBar: number;
    blocked: boolean;
    callDueMs: number;
  };
  baleScale: {
    outlet: BinId | null;
    massG: number;
    inside: Composition;
    sinceMs: number;
    recorded: boolean;
    stableSinceMs: number;
    alibi: number;
    totalG: number;
    grossG: number;
    stable: boolean;
    overload: boolean;
    belowMin: boolean;
  };
  motors: Record<MotorId, Motor>;
  energy: { totalMilliJoule: number; powerW: number; volts: number };
  waterLossG: number;
  itemsWeighed: number;
  baledG: Record<BinId, number>;
}

function emptyInfeedScale(): InfeedScaleState {
  return {
    phase: 'empty',
    sinceMs: 0,
    cage: null,
    tareG: 0,
    zeroG: 0,
    totalG: 0,
    cagesWeighed: 0,
    grossG: 0,
    stable: false,
    overload: false,
    belowMin: true,
    stableSinceMs: 0,
  };
}

function freshBins(): Record<OutletId, Bin> {
  const bins = {} as Record<OutletId, Bin>;
  for (const id of outletIds) {
    const { initialG } = outletPlans[id];
    bins[id] = {
      massG: initialG,
      totalG: 0,
      items: 0,
      removedG: 0,
      fell: emptyComposition(),
      fellFabricsG: {},
      inside: emptyComposition(initialG),
    };
  }
  return bins;
}

function restingPost(): Post {
  return { hand: null, lastItemMs: 0, blocked: false };
}

function coldMotor(): Motor {
  return { powerW: 0, temperatureC: 19 };
}

/** A plant on its first morning: everything stands still and the books are at zero. `seed` is a uint32. */
export function newPlant(seed: number): Plant {
  return {
    seed,
    timeMs: 0,
    random: { people: seedRandom(seed, 1), process: seedRandom(seed, 2), noise: seedRandom(seed, 3) },
    plc: newPlc(),
    panel: { remote: true, restarts: true },
    incident: null,
    supply: { lot: 0, cagesLeft: 0, nextIndex: 0 },
    infeedScale: emptyInfeedScale(),
    hopper: { cages: [], levelPercent: 0 },
    opening: { leftMm: 0, running: false },
    infeedBelt: { speedMmS: 0, setpointMmS: 500, items: [] },
    posts: [restingPost(), restingPost()],
    nir: {
      waiting: [],
      nextReadMs: 0,
      lastReadMs: 0,
      reading: null,
      seq: 0,
      driftNm: 0,
      missed: 0,
      refused: 0,
      lampMs: 0,
      lastClass: '',
    },
    sortingBelt: { speedMmS: 0, items: [] },
    sorter: {
      external: false,
      verdicts: [],
      waitedMs: 0,
      withoutVerdict: 0,
      missedEjections: 0,
      programme: factoryProgramme(),
      divertTo: notDiverted(),
    },
    bins: freshBins(),
    press: {
      phase: 'idle',
      sinceMs: 0,
      workMs: 0,
      outlet: null,
      massG: 0,
      inside: emptyComposition(),
      bales: 0,
      strokes: 0,
      pressureDeciBar: 0,
      blocked: false,
      callDueMs: 0,
    },
    baleScale: {
      outlet: null,
      massG: 0,
      inside: emptyComposition(),
      sinceMs: 0,
      recorded: false,
      stableSinceMs: 0,
      alibi: 0,
      totalG: 0,
      grossG: 0,
      stable: false,
      overload: false,
      belowMin: true,
    },
    motors: {
      opening: coldMotor(),
      infeedBelt: coldMotor(),
      sortingBelt: coldMotor(),
      pressPump: coldMotor(),
    },
    energy: { totalMilliJoule: 0, powerW: 0, volts: 230 },
    waterLossG: 0,
    itemsWeighed: 0,
    baledG: {
      creme: 0,
      reemploi: 0,
      essuyage: 0,
      effilochage: 0,
      polymere: 0,
      buchettes: 0,
      csr: 0,
      manuel: 0,
    },
  };
}
