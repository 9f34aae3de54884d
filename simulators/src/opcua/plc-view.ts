import type { PlantInputs } from '../plant/hazards.ts';
import type { Plant } from '../plant/plant-state.ts';
import type { StationState } from '../plant/station-state.ts';
import type { StationId } from '../plant/stations.ts';

/** What the PLC knows when it shows its values. */
export interface PlcView {
  readonly plant: Plant;
  readonly inputs: PlantInputs;
  readonly states: Readonly<Record<StationId, StationState>>;
  /** The line's state by the numbers of ISA-TR88.00.02 (PackML). */
  readonly packMlState: number;
  /** Counts up twice a second while the PLC's program runs; wraps at 2³². */
  readonly life: number;
  /** Somebody presses the local enable. */
  readonly localEnable: boolean;
}
