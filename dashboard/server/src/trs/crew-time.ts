/** When so many people were counted at a line that a figure of it is nobody's own. Pure. */
import { joined, type Interval } from '../calendar/intervals.ts';

export interface CrewShift extends Interval {
  readonly id: string;
  /** Counted at its posts; who was not counted is nobody. */
  readonly heads: number;
}

export interface TeamShift extends CrewShift {
  /** Null: nobody opened a shift. */
  readonly team: string | null;
}

/** @param shifts of one line; teams that are there together count together. */
export function crewTime(shifts: readonly CrewShift[], groupMin: number): Interval[] {
  const steps = shifts
    .filter(({ from, to }) => to > from)
    .flatMap(({ from, to, heads }) => [
      { at: from, heads },
      { at: to, heads: -heads },
    ])
    .sort((a, b) => a.at - b.at);
  const enough: Interval[] = [];
  let there = 0;
  for (const [n, { at, heads }] of steps.entries()) {
    there += heads;
    const to = steps[n + 1]?.at ?? at;
    if (there >= groupMin && to > at) enough.push({ from: at, to });
  }
  return joined(enough);
}
