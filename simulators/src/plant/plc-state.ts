import type { PackMlState, UnitMode } from './packml.ts';

/** Stations that the PLC brings in and out of motion, in the order in which they come: downstream first. */
export const startOrder = [
  'sorter',
  'sortingBelt',
  'nir',
  'post2',
  'post1',
  'infeedBelt',
  'opening',
  'hopper',
] as const;
export type SequencedStation = (typeof startOrder)[number];
export type StationMotion = 'standing' | 'coming' | 'running' | 'leaving';
export type Motions = Record<SequencedStation, StationMotion>;

/** Why the line stands, or is about to. `outside`: somebody commanded it through a link. */
export type StandReason =
  | 'first'
  | 'power'
  | 'reboot'
  | 'outside'
  | 'panel'
  | 'jam'
  | 'guard'
  | 'bin-full'
  | 'life'
  | 'emergency-stop';

/** Request, acknowledge, done, refused: what the bits of one link stand on. */
export interface Handshake {
  code: number;
  request: boolean;
  acknowledge: boolean;
  done: boolean;
  refused: boolean;
  /** What was acknowledged and is being carried out. */
  goal: { by: PackMlState; leadsTo: PackMlState } | null;
}

export const links = ['opcua', 'modbus'] as const;
export type Link = (typeof links)[number];

/** Everything that the PLC keeps. Times are the plant's, in simulated ms. */
export interface PlcState {
  powered: boolean;
  /** Its program starts anew: nothing runs, nothing is answered. */
  booting: boolean;
  state: PackMlState;
  sinceMs: number;
  mode: UnitMode;
  modeRequest: number;
  motions: Motions;
  /** When a station was last asked to come or to leave. */
  askedMs: number;
  jam: { where: 'belt' | 'sorter'; sinceMs: number } | null;
  guardClosed: boolean;
  /** Since when a container is full that nothing leads away from. */
  fullSinceMs: number | null;
  /** Null while it runs. */
  why: StandReason | null;
  /** When the crew will do something at the panel, 0: they see no reason; `atIt`: they have begun to restart. */
  crew: { dueMs: number; atIt: boolean };
  /** As last written by the supervising system. */
  trameLife: number;
  handshakes: Record<Link, Handshake>;
}

export function idleHandshake(): Handshake {
  return { code: 0, request: false, acknowledge: false, done: false, refused: false, goal: null };
}

/** Every station in the same motion. */
export function allMotions(motion: StationMotion): Motions {
  return Object.fromEntries(startOrder.map((station) => [station, motion])) as Motions;
}

/** A PLC on its first morning. */
export function newPlc(): PlcState {
  return {
    powered: true,
    booting: false,
    state: 'stopped',
    sinceMs: 0,
    mode: 1,
    modeRequest: 1,
    motions: allMotions('standing'),
    askedMs: 0,
    jam: null,
    guardClosed: true,
    fullSinceMs: null,
    why: 'first',
    crew: { dueMs: 0, atIt: false },
    trameLife: 0,
    handshakes: { opcua: idleHandshake(), modbus: idleHandshake() },
  };
}
