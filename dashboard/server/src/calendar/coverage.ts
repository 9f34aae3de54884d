/**
 * Time that is asked about many times: each question costs a search in it, not a way through all of it. Pure; whole
 * milliseconds since 1970 UTC.
 */
import { joined, type Interval } from './intervals.ts';

/** Stretches of time that do not overlap. */
export class Coverage {
  readonly #parts: readonly Interval[];
  /** ms that are covered before each part. */
  readonly #before: readonly number[];

  constructor(intervals: readonly Interval[]) {
    this.#parts = joined(intervals);
    let sum = 0;
    this.#before = this.#parts.map(({ from, to }) => {
      const before = sum;
      sum += to - from;
      return before;
    });
  }

  /** @returns ms of this stretch that are covered. */
  within({ from, to }: Interval): number {
    return to <= from ? 0 : this.#until(to) - this.#until(from);
  }

  /** @returns what is covered of this stretch, in order. */
  cut({ from, to }: Interval): Interval[] {
    if (to <= from) return [];
    const first = firstWhere(this.#parts.length, (n) => (this.#parts[n]?.to ?? 0) > from);
    const found: Interval[] = [];
    for (let n = first; n < this.#parts.length; n += 1) {
      const part = this.#parts[n];
      if (part === undefined || part.from >= to) break;
      found.push({ from: Math.max(from, part.from), to: Math.min(to, part.to) });
    }
    return found;
  }

  /** ms that are covered before a moment. */
  #until(at: number): number {
    const next = firstWhere(this.#parts.length, (n) => (this.#parts[n]?.from ?? 0) >= at);
    const [part, before] = [this.#parts[next - 1], this.#before[next - 1]];
    return part === undefined || before === undefined ? 0 : before + Math.min(at, part.to) - part.from;
  }
}

/** Things that last, overlapping or not. */
export class Timeline<T extends Interval> {
  readonly #things: readonly T[];
  /** The latest end up to each. */
  readonly #ends: readonly number[];

  constructor(things: readonly T[]) {
    this.#things = [...things].sort((a, b) => a.from - b.from);
    let end = Number.NEGATIVE_INFINITY;
    this.#ends = this.#things.map(({ to }) => (end = Math.max(end, to)));
  }

  /** @returns those that touch this stretch, its two ends included, by their beginning. */
  touching({ from, to }: Interval): T[] {
    const first = firstWhere(this.#ends.length, (n) => (this.#ends[n] ?? 0) >= from);
    const after = firstWhere(this.#things.length, (n) => (this.#things[n]?.from ?? 0) > to);
    return this.#things.slice(first, after).filter((one) => one.to >= from);
  }
}

/** @returns the first number below `length` that is so, as all after it are; `length` when none is. */
export function firstWhere(length: number, isSo: (n: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
