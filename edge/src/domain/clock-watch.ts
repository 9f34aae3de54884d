/**
 * What is known of the edge's wall clock: whether it stepped (by the monotonic clock), how far it is from the
 * server's (by the times in acknowledgements), and whether it reads earlier than what was already recorded.
 */
import {
  CLOCK_OFFSET_MAX_MS,
  EVENT_TIME_AHEAD_MAX_MS,
  EVENT_TIME_MIN_MS,
  type EventClock,
} from '@trame/protocol/ledger-event';
import { lineEvent, type LineEvent } from './line-events.ts';
import type { Instant } from './tag-state.ts';

export interface ClockState {
  /** Wall clock minus monotonic clock when it was looked at last, ms. */
  readonly baseMs: number;
  /** Server's clock minus edge's, the last few comparisons, oldest first, ms. */
  readonly offsets: readonly number[];
  /** Monotonic ms of the last comparison; null: none. */
  readonly comparedAtMs: number | null;
  /** The latest time at which anything was recorded, as far as nobody has set it aside; UTC ms. */
  readonly latestRecordedMs: number;
  readonly isBehind: boolean;
}

/** A difference of this much between two looks is a step, not the two clocks' own drift, ms. */
export const STEP_MS = 500;
/** How much earlier than the last event the clock may read before it counts as wrong, ms. */
export const BEHIND_MS = 2000;
/** Comparisons that are remembered: their median leaves out an answer that was long on its way. */
const OFFSETS_MAX = 5;
/** How long a comparison is worth something, ms. */
export const CHECKED_MS = 15 * 60_000;
/** Comparisons further off than any clock was ever set are no clock's, ms. */
const OFFSET_MAX_MS = 8_640_000_000_000_000;

/** @param latestRecordedMs when the last event was recorded, UTC ms; 0: there is none. */
export function startClock(at: Instant, latestRecordedMs: number): ClockState {
  const state = {
    baseMs: at.wallMs - at.monotonicMs,
    offsets: [],
    comparedAtMs: null,
    latestRecordedMs,
    isBehind: false,
  };
  return { ...state, isBehind: readsEarlier(at.wallMs, latestRecordedMs) };
}

/** @returns the state at this moment, and what to record when the clock stepped since the last look. */
export function lookAtClock(
  state: ClockState,
  at: Instant,
): { readonly state: ClockState; readonly event: LineEvent | null } {
  const baseMs = at.wallMs - at.monotonicMs;
  const byMs = Math.round(baseMs - state.baseMs);
  const stepped = Math.abs(byMs) > STEP_MS;
  return {
    state: {
      ...state,
      baseMs,
      // What was learnt of the server's clock stays true of the server: the edge's moved under it.
      offsets: stepped ? state.offsets.map((offsetMs) => offsetMs - byMs) : state.offsets,
      isBehind: readsEarlier(at.wallMs, state.latestRecordedMs),
    },
    event: stepped && isSet(at.wallMs) ? lineEvent('clock.stepped', at.wallMs, { byMs }) : null,
  };
}

/**
 * A server said its time. The way of the message makes it look a little early; half a round trip is noise.
 * @param serverMs UTC ms. @param receivedAtMs monotonic ms.
 */
export function compareClock(state: ClockState, serverMs: number, receivedAtMs: number): ClockState {
  const offsetMs = Math.round(serverMs - (state.baseMs + receivedAtMs));
  if (!isSet(serverMs) || Math.abs(offsetMs) > OFFSET_MAX_MS) return state;
  return {
    ...state,
    offsets: [...state.offsets, offsetMs].slice(-OFFSETS_MAX),
    comparedAtMs: receivedAtMs,
  };
}

/** Something was recorded at this time, UTC ms. */
export function noteRecorded(state: ClockState, recordedMs: number): ClockState {
  return recordedMs <= state.latestRecordedMs ? state : { ...state, latestRecordedMs: recordedMs };
}

/** A person says that the clock is right: what was recorded later than now was recorded by a wrong one. */
export function confirmClock(state: ClockState, nowMs: number): ClockState {
  return { ...state, latestRecordedMs: nowMs, isBehind: false };
}

/** @returns what an event says of the clock that dates it. */
export function eventClock(state: ClockState, monotonicMs: number): EventClock {
  const { offsets, comparedAtMs, isBehind } = state;
  const offsetMs = median(offsets);
  // Set right by so much, a date would be a guess: readers take none.
  const isWild = offsetMs !== null && Math.abs(offsetMs) > CLOCK_OFFSET_MAX_MS;
  const isFresh = comparedAtMs !== null && monotonicMs - comparedAtMs <= CHECKED_MS;
  const known = isFresh && !isWild ? 'checked' : 'unchecked';
  return { state: isBehind ? 'behind' : known, offsetMs: isWild ? null : offsetMs };
}

/**
 * A server takes no event from so far ahead, and one that does not fit in the chain ends it for good.
 * @returns server's clock minus edge's, ms, when it is more than a day either way; null: it is not, or not known.
 */
export function wrongBy({ offsets }: ClockState): number | null {
  const offsetMs = median(offsets);
  return offsetMs !== null && Math.abs(offsetMs) > EVENT_TIME_AHEAD_MAX_MS ? offsetMs : null;
}

/** @returns whether a clock that reads this was ever set. */
export function isSet(wallMs: number): boolean {
  return wallMs >= EVENT_TIME_MIN_MS;
}

function readsEarlier(wallMs: number, latestRecordedMs: number): boolean {
  return wallMs < latestRecordedMs - BEHIND_MS;
}

/** @returns the middle one, the earlier of the two middle ones; null of none. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
