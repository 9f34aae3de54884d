/**
 * What a weighing instrument shows. Grams throughout.
 *
 * A load that has just changed makes the platform swing: a damped oscillation that dies within about two
 * seconds. The indication is rounded to the instrument's interval, so once it has settled the small noise of
 * the cells no longer shows.
 */
export interface Indication {
  readonly grossG: number;
  readonly stable: boolean;
  readonly overload: boolean;
  readonly belowMin: boolean;
}

export interface Instrument {
  readonly maxG: number;
  readonly minG: number;
  readonly intervalG: number;
}

export interface Load {
  readonly massG: number;
  /** Time since the load last changed. */
  readonly restMs: number;
  /** A standard normal draw. */
  readonly noise: number;
  /** Something keeps it moving: wind, a foot on the platform. */
  readonly disturbed: boolean;
  /** Something far too heavy stands on it. */
  readonly overloaded: boolean;
}

const swingShare = 0.06;
const swingDecayMs = 300;
const swingPeriodMs = 310;
const restForStableMs = 1_500;
const cellNoiseG = 4;
const disturbanceG = 900;
const overloadG = 5_000;

export function indicate(instrument: Instrument, load: Load): Indication {
  const swing =
    load.massG *
    swingShare *
    Math.exp(-load.restMs / swingDecayMs) *
    Math.cos((2 * Math.PI * load.restMs) / swingPeriodMs);
  const disturbance = load.disturbed ? load.noise * disturbanceG : 0;
  const excess = load.overloaded ? instrument.maxG + overloadG : 0;
  const seenG = load.massG + excess + swing + disturbance + load.noise * cellNoiseG;
  const grossG = Math.round(seenG / instrument.intervalG) * instrument.intervalG;
  const overload = grossG > instrument.maxG + 9 * instrument.intervalG;
  const still = load.restMs >= restForStableMs && Math.abs(swing) < instrument.intervalG / 2;
  return {
    grossG: grossG === 0 ? 0 : grossG,
    stable: still && !load.disturbed && !overload,
    overload,
    belowMin: grossG < instrument.minG,
  };
}
