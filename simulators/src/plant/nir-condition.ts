import type { Hazards, NirUpset } from './hazards.ts';
import { stepMs, type Plant } from './plant-state.ts';

/** What was wrong with the station itself when it read. */
export interface NirCondition {
  readonly lensDirty: boolean;
  /** Everything appears so far up the axis of wavelengths. */
  readonly driftNm: number;
  /** Light that the lamp still gives, 1 when new. */
  readonly lampShare: number;
  readonly upsets: readonly NirUpset[];
}

export const soundStation: NirCondition = { lensDirty: false, driftNm: 0, lampShare: 1, upsets: [] };

/** Assumption: the axis walks away by a tenth of a nanometre a minute, 3 nm within half an hour. */
export const driftNmPerMinute = 0.1;
/** Assumption: a lamp loses three tenths of its light in 8 000 hours of burning, and is changed then. */
const lampLoss = { share: 0.3, hours: 8_000 };
/** What a lamp at its end gives. */
const worstLampShare = 0.3;
const msPerHour = 3_600_000;

/** Light of a lamp that has burnt so long. */
export function lampShareAfter(lampMs: number): number {
  return 1 - lampLoss.share * Math.min(1, lampMs / msPerHour / lampLoss.hours);
}

/** The axis walks towards where its fault leads it; once that is mended it has been set right. */
export function stepDrift(plant: Plant, hazards: Hazards): void {
  const { nir } = plant;
  const leftNm = hazards.nirDriftNm - nir.driftNm;
  const stepNm = (driftNmPerMinute * stepMs) / 60_000;
  if (hazards.nirDriftNm === 0) nir.driftNm = 0;
  else nir.driftNm += Math.sign(leftNm) * Math.min(Math.abs(leftNm), stepNm);
}

export function conditionOf(plant: Plant, hazards: Hazards): NirCondition {
  return {
    lensDirty: hazards.nirDirty,
    // A thousandth of a nanometre is far below what can be seen, and short to store.
    driftNm: Math.round(plant.nir.driftNm * 1_000) / 1_000,
    lampShare: hazards.nirLampOld ? worstLampShare : Math.round(lampShareAfter(plant.nir.lampMs) * 1e4) / 1e4,
    upsets: hazards.nirUpsets,
  };
}
