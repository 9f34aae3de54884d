/** Which of the scale's weighings is the load that lies on it now. */
import { getUnclaimed, type UnclaimedWeighing } from '../api/material.ts';
import type { KioskScale } from './scale-reading.ts';

/** Weighings looked at to find it. */
const ROWS = 10;
/** An older one is not the load that lies there now. */
const AGE_MS = 10 * 60_000;

/**
 * @param grams as the indicator shows them.
 * @param nowMs server time, ms since 1970 UTC.
 * @returns id of the latest weighing of that weight that nothing claims; null: none is known, or nobody answers.
 */
export async function findWeighing(
  scale: KioskScale,
  grams: number,
  nowMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  const answer = await getUnclaimed(scale.id, ROWS, signal);
  if (answer.kind !== 'ok') return null;
  const found = answer.body.find(
    (row) => row.kind === 'recorded' && row.at >= nowMs - AGE_MS && shownFigure(row, scale) === grams,
  );
  return found?.id ?? null;
}

/** @returns what the indicator showed of a weighing, in its own steps: the net where it shows the net. */
export function shownFigure({ grossGrams, netGrams }: UnclaimedWeighing, scale: KioskScale): number | null {
  const grams = scale.live?.net == null ? (grossGrams ?? netGrams) : netGrams;
  const step = scale.intervalGrams === null || scale.intervalGrams <= 0 ? 1 : scale.intervalGrams;
  return grams === null ? null : Math.round(grams / step) * step;
}
