/** How long an indication has stood still: good, called stable, and within one interval of where it began. */
import type { ScaleConfig } from './line-config.ts';
import { goodFlag, goodGrams, seenUntilMs, type ScaleSnapshot } from './weighing-snapshot.ts';
import type { Instant } from './tag-state.ts';

export interface Standing {
  readonly grossGrams: number;
  /** Monotonic ms. */
  readonly sinceMs: number;
}

export interface StandingStep {
  /** Null: it moves. */
  readonly standing: Standing | null;
  /** Up to when gross and stable were both seen, monotonic ms. */
  readonly untilMs: number;
}

/** @returns null when one of the two is not good. */
export function nextStanding(
  before: Standing | null,
  { gross, stable }: ScaleSnapshot,
  { intervalGrams }: ScaleConfig,
  at: Instant,
): (StandingStep & { readonly grossGrams: number }) | null {
  const grossGrams = goodGrams(gross);
  const isStable = goodFlag(stable);
  if (gross === null || stable === null || grossGrams === null || isStable === null) return null;
  const untilMs = Math.min(seenUntilMs(gross, at), seenUntilMs(stable, at));
  if (!isStable) return { standing: null, untilMs, grossGrams };
  const goesOn = before !== null && Math.abs(grossGrams - before.grossGrams) <= (intervalGrams ?? 0);
  return { standing: goesOn ? before : { grossGrams, sinceMs: untilMs }, untilMs, grossGrams };
}
