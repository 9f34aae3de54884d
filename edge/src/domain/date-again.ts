/**
 * What began before the wall clock stepped and is told after it, dated by the clock as it reads now: the offset that
 * is recorded with an event is that of the present clock.
 */
import type { Instant } from './tag-state.ts';

export interface ClockStep {
  readonly byMs: number;
  /** When it was noticed, by the clock as it read then. */
  readonly at: Instant;
}

/** What is told later than this after a step began after it, ms: the longest that a state is held back, twice. */
export const STEP_REMEMBERED_MS = 60_000;

/** @param wallMs UTC ms, by the clock before the step or after it. @param step the last one; null: none. */
export function byPresentClock(wallMs: number, step: ClockStep | null, now: Instant): number {
  if (step === null || now.monotonicMs - step.at.monotonicMs > STEP_REMEMBERED_MS) return wallMs;
  // Set back, the present clock has not come to that time yet; set ahead, it never read it.
  const isOfBefore = step.byMs < 0 ? wallMs > now.wallMs : wallMs <= step.at.wallMs - step.byMs;
  return isOfBefore ? wallMs + step.byMs : wallMs;
}
