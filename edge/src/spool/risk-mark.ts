/** The spool's sign of life: since when something is at risk that is in memory alone. */
import type { Clock } from '../ports/clock.ts';
import type { Loss } from './gap-book.ts';

/** How old the sign on disk may be while nothing else is written, ms. */
export const MARK_EVERY_MS = 10_000;
/** So long after the last thing at risk, nothing counts as being at risk: the disk is not told twice a second, ms. */
export const CALM_AFTER_MS = 60_000;

export interface NextMark {
  /** UTC ms; null: nothing is at risk. */
  readonly riskSinceMs: number | null;
  /** It should be written even if nothing else is. */
  readonly isDue: boolean;
  /** The disk must know it before anything else happens. */
  readonly isUrgent: boolean;
}

export class RiskMark {
  readonly #clock: Clock;
  #kept: number | null = null;
  #keptAtMs = -Infinity;
  #lastRiskAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#kept !== null;
  }

  /**
   * Takes the mark that a file brings.
   * @returns what the run before may have lost, when it ended without taking its mark back.
   */
  loaded(riskSinceMs: number | null): Loss | null {
    this.#kept = null;
    if (riskSinceMs === null) return null;
    const toMs = Math.max(riskSinceMs, this.#clock.nowMs());
    return { fromMs: riskSinceMs, toMs, samples: null, reason: 'edge-cut-off' };
  }

  /**
   * @param atRiskMs first time of a sample that is in memory alone, UTC ms, or null.
   * @param isLast nothing will come after: no risk is no risk.
   */
  next(atRiskMs: number | null, isLast: boolean): NextMark {
    const nowMs = this.#clock.monotonicMs();
    if (atRiskMs !== null) this.#lastRiskAtMs = nowMs;
    const isCalm = isLast || nowMs - this.#lastRiskAtMs >= CALM_AFTER_MS;
    const riskSinceMs = Math.trunc(atRiskMs ?? this.#clock.nowMs());
    const next = atRiskMs === null && isCalm ? null : riskSinceMs;
    return {
      riskSinceMs: next,
      isDue: next !== this.#kept && nowMs - this.#keptAtMs >= MARK_EVERY_MS,
      isUrgent: next !== null && this.#kept === null,
    };
  }

  /** The file has it. */
  kept(riskSinceMs: number | null): void {
    this.#kept = riskSinceMs;
    this.#keptAtMs = this.#clock.monotonicMs();
  }
}

/** @returns the least of those that are known, or null. */
export function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
