import type { OutletId } from './outlets.ts';

/** The devices that can lose their power or their link, one by one. */
export const deviceIds = ['plc', 'nir', 'infeed-scale', 'bale-scale', 'press', 'energy-meter'] as const;
export type DeviceId = (typeof deviceIds)[number];

/** What is physically wrong with the plant at this moment, put there by a fault. */
export interface Hazards {
  readonly beltJam: boolean;
  readonly sorterJam: boolean;
  readonly fullOutlets: readonly OutletId[];
  readonly pressBlocked: boolean;
  readonly infeedScaleDisturbed: boolean;
  readonly infeedScaleOverloaded: boolean;
  readonly baleScaleDisturbed: boolean;
  readonly baleScaleOverloaded: boolean;
  readonly nirDirty: boolean;
  readonly emergencyStop: boolean;
  readonly hopperEmpty: boolean;
  readonly unpowered: readonly DeviceId[];
}

export const noHazards: Hazards = {
  beltJam: false,
  sorterJam: false,
  fullOutlets: [],
  pressBlocked: false,
  infeedScaleDisturbed: false,
  infeedScaleOverloaded: false,
  baleScaleDisturbed: false,
  baleScaleOverloaded: false,
  nirDirty: false,
  emergencyStop: false,
  hopperEmpty: false,
  unpowered: [],
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
  /** Wall-clock time of this step, used for stamps only: it never changes what happens. */
  readonly wallMs: number;
}
