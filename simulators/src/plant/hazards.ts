import type { OutletId } from './outlets.ts';
import type { MotorId } from './plant-state.ts';
import type { SequencedStation } from './plc-state.ts';

/** The devices that can lose their power or their link, one by one. */
export const deviceIds = [
  'plc',
  'nir',
  'infeed-scale',
  'bale-scale',
  'press',
  'energy-meter',
  'line',
] as const;
export type DeviceId = (typeof deviceIds)[number];

/** What is physically wrong with the plant at this moment, put there by a fault. */
export interface Hazards {
  readonly beltJam: boolean;
  readonly sorterJam: boolean;
  readonly fullOutlets: readonly OutletId[];
  readonly pressBlocked: boolean;
  readonly infeedScaleDisturbed: boolean;
  readonly infeedScaleOverloaded: boolean;
  readonly infeedScaleDirty: boolean;
  readonly baleScaleDisturbed: boolean;
  readonly baleScaleOverloaded: boolean;
  readonly nirDirty: boolean;
  /** Where the axis of wavelengths walks to, at most 3 nm off; 0: it stays where it was set. */
  readonly nirDriftNm: number;
  readonly nirLampOld: boolean;
  readonly nirUpsets: readonly NirUpset[];
  readonly emergencyStop: boolean;
  readonly hopperEmpty: boolean;
  readonly unpowered: readonly DeviceId[];
  readonly guardOpen: boolean;
  /** Nobody presses the local enable, or its contact is broken. */
  readonly noLocalEnable: boolean;
  /** The PLC acknowledges what comes through a link, and does nothing. */
  readonly plcIgnores: boolean;
  /** It does not even acknowledge. */
  readonly plcMute: boolean;
  /** Its program starts anew, and does not run meanwhile. */
  readonly plcReboot: boolean;
  readonly stuckStations: readonly SequencedStation[];
  /** What takes a write and reads back otherwise. */
  readonly lies: readonly LieTarget[];
  readonly hotMotors: readonly MotorId[];
  readonly overloadedMotors: readonly MotorId[];
}

/** What spoils every read of the NIR station. */
export const nirUpsets = ['blank', 'saturated', 'nan', 'zeros'] as const;
export type NirUpset = (typeof nirUpsets)[number];
export const maxNirDriftNm = 3;

/** What may be written and may lie about it. */
export const lieTargets = [
  'InfeedBelt.SpeedSetpoint',
  'Sorter.Route',
  'Sorter.Programme',
  'Bin.DivertTo',
  'infeed-scale',
] as const;
export type LieTarget = (typeof lieTargets)[number];

export const noHazards: Hazards = {
  beltJam: false,
  sorterJam: false,
  fullOutlets: [],
  pressBlocked: false,
  infeedScaleDisturbed: false,
  infeedScaleOverloaded: false,
  infeedScaleDirty: false,
  baleScaleDisturbed: false,
  baleScaleOverloaded: false,
  nirDirty: false,
  nirDriftNm: 0,
  nirLampOld: false,
  nirUpsets: [],
  emergencyStop: false,
  hopperEmpty: false,
  unpowered: [],
  guardOpen: false,
  noLocalEnable: false,
  plcIgnores: false,
  plcMute: false,
  plcReboot: false,
  stuckStations: [],
  lies: [],
  hotMotors: [],
  overloadedMotors: [],
};

/** Everything that reaches the plant from outside during one step. */
export interface PlantInputs {
  readonly hazards: Hazards;
  /** Somebody is at work: cages are tipped, the line is started and kept going. */
  readonly crewPresent: boolean;
  /** Jams happen by themselves from time to time. */
  readonly incidents: boolean;
  /** How long the sorter holds its belt for a verdict that has not come. Simulated ms. */
  readonly verdictPatienceMs: number;
  /** Somebody pressed the local enable within the last ten seconds. */
  readonly enabled: boolean;
  /** The life counter of the supervising system counted once, and stands still. */
  readonly trameLost: boolean;
  /** Wall-clock time of this step, used for stamps only: it never changes what happens. */
  readonly wallMs: number;
}
