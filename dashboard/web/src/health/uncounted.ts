/** Mass of a line that fell and is in no tonnage. Pure. */
import type { LineHealth, UncountedMass } from '@trame/protocol/health-api';

/** It is told on top for as long as somebody may still compare it with the weighings of the day. */
export const UNCOUNTED_NEWS_MS = 24 * 3_600_000;

export interface UncountedTrouble {
  readonly kind: 'uncounted';
  readonly level: 2;
  readonly line: string;
  /** The latest, with the grams of all outlets. */
  readonly mass: UncountedMass;
}

/** @returns null: all that fell lately was counted. What was counted before this server knew the line is no news. */
export function uncountedTrouble({ id, uncounted }: LineHealth, nowMs: number): UncountedTrouble | null {
  const news = uncounted.filter(({ since, until }) => since !== null && nowMs - until <= UNCOUNTED_NEWS_MS);
  const [latest] = news;
  if (latest === undefined) return null;
  const grams = news.reduce((sum, one) => sum + one.grams, 0);
  const since = Math.min(...news.map((one) => one.since ?? one.until));
  return { kind: 'uncounted', level: 2, line: id, mass: { ...latest, grams, since } };
}
