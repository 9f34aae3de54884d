import { normal } from '../plant/random.ts';
import { indicate, type Instrument } from '../plant/weighing.ts';
import type { HandInputs } from './hand-inputs.ts';
import {
  contentG,
  type HandOutput,
  type HandPlant,
  type HandScaleState,
  type OnScale,
} from './hand-state.ts';

/** The platform, of 1.2 m a side: cages and bales stand on it alike. */
export const handInstrument: Instrument = { maxG: 600_000, minG: 2_000, intervalG: 100 };
const stableForRecordMs = 1_000;
/** The key zeroes what is within 2 % of the capacity, as instruments do. */
const zeroRangeG = handInstrument.maxG * 0.02;

/** What presses on the platform, in grams. */
export function loadOnScaleG(on: OnScale | null): number {
  if (on === null) return 0;
  return on.kind === 'load'
    ? contentG(on.load) + on.load.vessel.tareG
    : on.output.massG + on.output.packagingG;
}

function read(plant: HandPlant, scale: HandScaleState, { hazards }: HandInputs): void {
  const seen = indicate(handInstrument, {
    massG: loadOnScaleG(scale.on) - scale.zeroG,
    restMs: plant.timeMs - scale.sinceMs,
    noise: normal(plant.random.noise),
    disturbed: hazards.disturbed.includes(scale.id),
    overloaded: hazards.overloaded.includes(scale.id),
  });
  if (!seen.stable) scale.stableSinceMs = plant.timeMs;
  scale.grossG = seen.grossG;
  scale.stable = seen.stable;
  scale.overload = seen.overload;
  scale.belowMin = seen.belowMin;
}

/** Somebody presses the print key: the weight goes into the alibi memory under the next number. */
function store(plant: HandPlant, scale: HandScaleState, on: OnScale): HandOutput | null {
  const indicatedG = scale.grossG - scale.tareG;
  scale.alibi += 1;
  scale.lastAlibiG = indicatedG;
  scale.totalG += loadOnScaleG(on) - scale.zeroG - scale.tareG;
  scale.stored = { scale: scale.id, alibi: scale.alibi, indicatedG };
  if (on.kind === 'load') {
    on.load.weighed = scale.stored;
    return null;
  }
  const first = on.output.weighed === null;
  on.output.weighed = scale.stored;
  if (!first) return null;
  plant.weighed += 1;
  plant.baledG[on.output.outlet] += on.output.massG;
  return on.output;
}

/**
 * One step of one scale. What stands still long enough is stored once. Gives the output in the step in which it is
 * weighed for the first time.
 */
export function stepHandScale(
  plant: HandPlant,
  scale: HandScaleState,
  inputs: HandInputs,
): HandOutput | null {
  if (inputs.hazards.unpowered.includes(scale.id)) {
    scale.stable = false;
    scale.stableSinceMs = plant.timeMs;
    return null;
  }
  read(plant, scale, inputs);
  if (scale.on === null || scale.stored !== null) return null;
  const settled = scale.stable && plant.timeMs - scale.stableSinceMs >= stableForRecordMs;
  return settled && !scale.belowMin && scale.grossG > scale.tareG ? store(plant, scale, scale.on) : null;
}

/** The indicator's tare key: the weight that stands there now becomes the tare; an empty platform clears it. */
export function pressHandTare(scale: HandScaleState): boolean {
  if (!scale.stable || scale.grossG < 0) return false;
  scale.tareG = scale.grossG;
  return true;
}

/** The indicator's zero key. False when refused. */
export function pressHandZero(scale: HandScaleState): boolean {
  if (!scale.stable || Math.abs(scale.grossG) > zeroRangeG) return false;
  scale.zeroG += scale.grossG;
  return true;
}
