/**
 * What the process image holds of one tag, and what of it is worth publishing: report by exception, against
 * the value that was last published, so that many small steps never add up to an unseen large one.
 */
import { bad, GOOD, sameQuality, type Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import { fitsType } from './fits-type.ts';
import type { Reading, TagDefinition } from './reading.ts';

/** The two clocks at one moment. */
export interface Instant {
  /** Ms since 1970, UTC. */
  readonly wallMs: number;
  /** Ms of the monotonic clock. */
  readonly monotonicMs: number;
}

export interface TagState {
  readonly definition: TagDefinition;
  /** Null whenever the quality is bad: a bad reading has no value. */
  readonly value: TagValue | null;
  readonly quality: Quality;
  /** When value and quality became true: the device's time, or the edge's when it tells none. UTC ms. */
  readonly timeMs: number;
  /** Monotonic time of the last reading. */
  readonly readAtMs: number;
  /** What was last published; null: nothing yet. */
  readonly told: {
    readonly value: TagValue | null;
    readonly quality: Quality;
    /** Monotonic ms. */
    readonly atMs: number;
  } | null;
}

/** One value to publish. */
export interface Sample {
  readonly tag: string;
  readonly value: TagValue | null;
  readonly quality: Quality;
  /** Whether the quality differs from the one published before. */
  readonly qualityChanged: boolean;
  /** UTC ms. */
  readonly timeMs: number;
}

export interface TagStep {
  readonly state: TagState;
  /** Null when nothing worth publishing changed. */
  readonly sample: Sample | null;
}

/**
 * How far ahead of the edge a device's clock may be, ms. Past it the device's time is not believed and the
 * edge's is taken: a sample from the future would hide every later one.
 */
export const SOURCE_AHEAD_MAX_MS = 2000;

export function neverRead(definition: TagDefinition, at: Instant): TagState {
  return {
    definition,
    value: null,
    quality: bad('never-read'),
    timeMs: at.wallMs,
    readAtMs: at.monotonicMs,
    told: null,
  };
}

/** Takes one reading of this tag. A good reading whose value cannot be of the tag's type is bad. */
export function takeReading(state: TagState, reading: Reading, at: Instant): TagStep {
  const { value, quality } = checked(reading, state.definition);
  const sourceMs = reading.sourceTimeMs;
  const believed = sourceMs !== null && sourceMs <= at.wallMs + SOURCE_AHEAD_MAX_MS;
  const timeMs = believed ? sourceMs : at.wallMs;
  return published({ ...state, value, quality, timeMs, readAtMs: at.monotonicMs }, at);
}

/** Makes the tag bad for a reason that lies outside its readings, e.g. its device went offline. */
export function degrade(state: TagState, quality: Quality, at: Instant): TagStep {
  if (sameQuality(state.quality, quality)) return { state, sample: null };
  return published({ ...state, value: null, quality, timeMs: at.wallMs }, at);
}

/** A value older than its age limit is bad, `stale`. A tag that is already bad keeps its reason. */
export function expire(state: TagState, at: Instant): TagStep {
  const limitMs = state.definition.staleAfterMs;
  if (limitMs === null || state.quality.level === 'bad') return { state, sample: null };
  if (at.monotonicMs - state.readAtMs <= limitMs) return { state, sample: null };
  return degrade(state, bad('stale'), at);
}

/** Notes that the present value was published by other means: a birth. */
export function markTold(state: TagState, at: Instant): TagState {
  return { ...state, told: { value: state.value, quality: state.quality, atMs: at.monotonicMs } };
}

/** Publishes the present value once more, with the time at which it became true. */
export function repeat(state: TagState, at: Instant): TagStep {
  const { definition, value, quality, timeMs } = state;
  const sample = { tag: definition.name, value, quality, qualityChanged: false, timeMs };
  return { state: markTold(state, at), sample };
}

function checked(
  reading: Reading,
  definition: TagDefinition,
): { readonly value: TagValue | null; readonly quality: Quality } {
  if (reading.quality.level === 'bad') return { value: null, quality: reading.quality };
  if (reading.value === null || !fitsType(reading.value, definition.type)) {
    return { value: null, quality: bad('not-a-value') };
  }
  return { value: reading.value, quality: reading.quality };
}

function published(state: TagState, at: Instant): TagStep {
  const { told, value, quality, timeMs, definition } = state;
  const qualityChanged = !sameQuality(told?.quality ?? GOOD, quality);
  if (told !== null && !qualityChanged && !movedEnough(told.value, value, definition.deadband)) {
    const due = at.monotonicMs - told.atMs >= (definition.repeatAfterMs ?? Infinity);
    return due ? repeat(state, at) : { state, sample: null };
  }
  return {
    state: markTold(state, at),
    sample: { tag: definition.name, value, quality, qualityChanged, timeMs },
  };
}

/** The step from 1.00 to 1.05 is a little less than 0.05 in float32: a step of the deadband itself is told. */
const FLOAT32_SLACK = 1e-6;

function movedEnough(before: TagValue | null, after: TagValue | null, deadband: number): boolean {
  if (Object.is(before, after)) return false;
  if (deadband > 0 && typeof before === 'number' && typeof after === 'number') {
    const slack = FLOAT32_SLACK * Math.max(Math.abs(before), Math.abs(after));
    return Math.abs(after - before) + slack >= deadband;
  }
  if (deadband > 0 && isInteger64(before) && isInteger64(after)) {
    const distance = BigInt(after) - BigInt(before);
    return Number(distance < 0n ? -distance : distance) >= deadband;
  }
  return true;
}

/** Drivers may tell a 64-bit integer as a number when it is small. */
function isInteger64(value: TagValue | null): value is bigint | number {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}
