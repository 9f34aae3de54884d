/**
 * Counting by difference of totals that a device never resets. A sample that is lost, late or read twice
 * changes nothing: the next total holds everything.
 */
import { gramsPerUnit } from '@trame/protocol/unit';
import { toNumber, type TagValue } from '@trame/protocol/tag';

export interface CountState {
  /** The highest total of the device, or the lowest since it went back, grams; null: not seen yet. */
  readonly lastGrams: bigint | null;
  /** What was counted since the edge's data directory was made, grams. */
  readonly countedGrams: bigint;
  /** The total before it went back, until it grows again; null: it never did, or has grown since. */
  readonly wentBackFromGrams: bigint | null;
  /** How often counting began anew: after a total that went back and stayed back, or of another tag. */
  readonly generation: number;
}

/**
 * `went-back`: the total fell. `returned`: it only seemed to, it is back where it was. `began-anew`: it grows
 * from where it fell to, so what it counts now is another life of the device.
 */
export interface CountEvent {
  readonly kind: 'went-back' | 'returned' | 'began-anew';
  readonly fromGrams: bigint;
  readonly toGrams: bigint;
}

export interface CountStep {
  readonly state: CountState;
  readonly event: CountEvent | null;
}

/** `first`: counting starts at the first total seen. `zero`: what the device counted before is counted too. */
export type Baseline = 'first' | 'zero';

export const NOTHING_COUNTED: CountState = {
  lastGrams: null,
  countedGrams: 0n,
  wentBackFromGrams: null,
  generation: 0,
};

/** @returns the device's total up to which this state has counted, grams; null before the first. */
export function countedUpTo({ lastGrams, wentBackFromGrams }: CountState): bigint | null {
  return wentBackFromGrams ?? lastGrams;
}

/**
 * A total that reads this much lower, grams, went back. Less is the jitter of a device that computes its total; the
 * life of one that is exchanged before it has counted as much is lost in it.
 */
export const LIFE_FALL_MIN_GRAMS = 1000n;
/** Only a total that has grown by this much from where it fell to, grams, begins another life: not its jitter. */
export const LIFE_GROWN_MIN_GRAMS = 100n;

/**
 * A total that goes back (the device was replaced or lost its memory) is an event and becomes the new base:
 * nothing is subtracted, since what was counted has really fallen. When its growth brings it back to where it was,
 * the fall was a false reading (a device that starts, a bad cable): only what it grew since counts, else its whole
 * life would be counted twice.
 * @param grams the device's total, not negative.
 * @param mayBeginAnew false: too many lives began lately; this one waits, and loses nothing by it.
 */
export function countTotal(
  state: CountState,
  grams: bigint,
  baseline: Baseline,
  mayBeginAnew = true,
): CountStep {
  const { lastGrams, countedGrams, wentBackFromGrams, generation } = state;
  const grown = (addedGrams: bigint, event: CountEvent | null = null): CountStep => ({
    state: {
      lastGrams: grams,
      countedGrams: countedGrams + addedGrams,
      wentBackFromGrams: null,
      generation: event?.kind === 'began-anew' ? generation + 1 : generation,
    },
    event,
  });
  if (lastGrams === null) return grown(baseline === 'zero' ? grams : 0n);
  const highestGrams = wentBackFromGrams ?? lastGrams;
  const returned: CountEvent | null =
    wentBackFromGrams === null ? null : { kind: 'returned', fromGrams: lastGrams, toGrams: grams };
  if (grams > highestGrams) return grown(grams - highestGrams, returned);
  if (highestGrams - grams < LIFE_FALL_MIN_GRAMS) {
    if (returned === null) return { state, event: null };
    return { state: { ...state, lastGrams: highestGrams, wentBackFromGrams: null }, event: returned };
  }
  if (wentBackFromGrams === null || grams < lastGrams) {
    const isFall = wentBackFromGrams === null || lastGrams - grams >= LIFE_FALL_MIN_GRAMS;
    return {
      state: { ...state, lastGrams: grams, wentBackFromGrams: highestGrams },
      event: isFall ? { kind: 'went-back', fromGrams: lastGrams, toGrams: grams } : null,
    };
  }
  if (grams - lastGrams < LIFE_GROWN_MIN_GRAMS || !mayBeginAnew) return { state, event: null };
  return grown(grams - lastGrams, { kind: 'began-anew', fromGrams: wentBackFromGrams, toGrams: lastGrams });
}

/**
 * @returns where readings of a total part into those that say it fell and those that do not, grams; null: there is
 * nothing to compare with. Between a total that fell and the one before, every reading speaks for the fall.
 */
export function fallenBelow({ lastGrams, wentBackFromGrams }: CountState): bigint | null {
  if (lastGrams === null || wentBackFromGrams !== null) return lastGrams;
  return lastGrams - LIFE_FALL_MIN_GRAMS + 1n;
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
