/** From what a device says to what a tag means: scale, offset, and whether the result can be believed. */
import { bad, GOOD, uncertain, type Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';

export interface Scaling {
  readonly scale: number;
  readonly offset: number;
  /** In the tag's unit, after scaling; both ends are inside. */
  readonly range: readonly [min: number, max: number] | null;
}

export interface ScaledValue {
  /** Null when bad: a bad reading never carries a number. */
  readonly value: TagValue | null;
  readonly quality: Quality;
}

const NOT_A_VALUE: ScaledValue = { value: null, quality: bad('not-a-value') };

/** @returns whether values are changed by this scaling, so that the tag's type is float64. */
export function isScaled(scaling: Pick<Scaling, 'scale' | 'offset'>): boolean {
  return scaling.scale !== 1 || scaling.offset !== 0;
}

/**
 * value = raw · scale + offset.
 *
 * Without scale and offset the raw value passes as it is, so that a 64-bit counter keeps its last digits;
 * with them it becomes a double. NaN and infinity, before or after scaling, are bad `not-a-value`, and so is
 * a truth value or a text that is to be scaled. A number outside `range` keeps its value and is uncertain
 * `out-of-range`.
 */
export function scaleValue(raw: TagValue, scaling: Scaling): ScaledValue {
  if (typeof raw === 'boolean' || typeof raw === 'string') {
    return isScaled(scaling) ? NOT_A_VALUE : { value: raw, quality: GOOD };
  }
  const value = isScaled(scaling) ? Number(raw) * scaling.scale + scaling.offset : raw;
  if (typeof value === 'number' && !Number.isFinite(value)) return NOT_A_VALUE;
  return { value, quality: isInside(value, scaling.range) ? GOOD : uncertain('out-of-range') };
}

/** A float32 of 0.1, or 3 · 0.1, is a little more than the 0.1 or 0.3 that a person wrote as the limit. */
const FLOAT32_SLACK = 1e-6;

/** A bigint compares with a double exactly: no conversion, no lost digit at the limit. */
function isInside(value: number | bigint, range: Scaling['range']): boolean {
  if (range === null) return true;
  const [min, max] = range;
  if (typeof value === 'bigint') return value >= min && value <= max;
  return value >= min - Math.abs(min) * FLOAT32_SLACK && value <= max + Math.abs(max) * FLOAT32_SLACK;
}
