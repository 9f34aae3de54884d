/**
 * Counting by difference of totals that a device never resets. A sample that is lost, late or read twice
 * changes nothing: the next total holds everything.
 */
import { gramsPerUnit } from '@trame/protocol/unit';
import { toNumber, type TagValue } from '@trame/protocol/tag';

export interface CountState {
  /** The device's total when it was last read, grams; null: not seen yet. */
  readonly lastGrams: bigint | null;
  /** What was counted since the edge's data directory was made, grams. */
  readonly countedGrams: bigint;
}

export interface WentBack {
  readonly kind: 'went-back';
  readonly fromGrams: bigint;
  readonly toGrams: bigint;
}

export interface CountStep {
  readonly state: CountState;
  readonly event: WentBack | null;
}

/** `first`: counting starts at the first total seen. `zero`: what the device counted before is counted too. */
export type Baseline = 'first' | 'zero';

export const NOTHING_COUNTED: CountState = { lastGrams: null, countedGrams: 0n };

/**
 * A total that goes back (the device was replaced or lost its memory) is an event and becomes the new base:
 * nothing is subtracted, since what was counted has really fallen.
 * @param grams the device's total, not negative.
 */
export function countTotal(state: CountState, grams: bigint, baseline: Baseline): CountStep {
  const { lastGrams, countedGrams } = state;
  if (lastGrams === null) {
    const counted = baseline === 'zero' ? countedGrams + grams : countedGrams;
    return { state: { lastGrams: grams, countedGrams: counted }, event: null };
  }
  if (grams < lastGrams) {
    const event: WentBack = { kind: 'went-back', fromGrams: lastGrams, toGrams: grams };
    return { state: { lastGrams: grams, countedGrams }, event };
  }
  return { state: { lastGrams: grams, countedGrams: countedGrams + (grams - lastGrams) }, event: null };
}

/** @returns whole grams, or null when the unit is no mass or the value no total (text, NaN, negative). */
export function toGrams(value: TagValue | null, unit: string | null): bigint | null {
  const perUnit = unit === null ? null : gramsPerUnit(unit);
  if (perUnit === null || typeof value === 'boolean') return null;
  if (typeof value === 'bigint') return value < 0n ? null : value * BigInt(perUnit);
  const amount = toNumber(value);
  if (amount === null || amount < 0) return null;
  const grams = Math.round(amount * perUnit);
  return Number.isSafeInteger(grams) ? BigInt(grams) : null;
}
