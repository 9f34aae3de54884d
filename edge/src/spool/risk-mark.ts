/** The spool's sign of life: since when something is at risk that is in memory alone. */
import type { Clock } from '../ports/clock.ts';
import type { Loss } from './gap-book.ts';

/** How old the sign on disk may be while nothing else is written, ms. */
export const MARK_EVERY_MS = 10_000;
/** So long after the last thing at risk, nothing counts as being at risk: the disk is not told twice a second, ms. */
export const CALM_AFTER_MS = 60_000;

/** A clock that was set back by more since the mark is believed to have been wrong before, ms. */
const SET_BACK_MAX_MS = 3_600_000;

/** Devices date their values a little before they are taken, ms. */
const MARGIN_MS = 5000;

/** The mark as the file keeps it. UTC ms. */
export interface Risk {
  /** Everything before is safe. */
  readonly sinceMs: number;
  /** The latest time that the clock has shown meanwhile: it may have been set back since. */
  readonly untilMs: number;
}

export interface NextMark {
  /** Null: nothing is at risk. */
  readonly risk: Risk | null;
  /** It should be written even if nothing else is. */
  readonly isDue: boolean;
  /** The disk must know it before anything else happens. */
  readonly isUrgent: boolean;
}

export class RiskMark {
  readonly #clock: Clock;
  #kept: Risk | null = null;
  #keptAtMs = -Infinity;
  #lastRiskAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a loss of samples from this time on, UTC ms, would be declared as it is. */
  covers(firstMs: number): boolean {
    const kept = this.#kept;
    return kept !== null && kept.sinceMs <= firstMs && this.#clock.nowMs() <= endOf(kept);
  }

  /**
   * Takes the mark that a file brings.
   * @returns what the run before may have lost, when it ended without taking its mark back.
   */
  loaded(risk: Risk | null): Loss | null {
    this.#kept = null;
    if (risk === null) return null;
    const nowMs = this.#clock.nowMs();
    // The clock may have been set back since, and a disk that refused could not be told: what was taken then is
    // dated before the mark. A greater step would shade days for seconds.
    const backMs = risk.sinceMs - nowMs;
    const fromMs = backMs > 0 && backMs <= SET_BACK_MAX_MS ? nowMs - CALM_AFTER_MS : risk.sinceMs;
    const toMs = Math.max(nowMs, endOf(risk));
    return { fromMs, toMs, samples: null, reason: 'edge-cut-off' };
  }

  /**
   * @param atRiskMs first time of a sample that is in memory alone, UTC ms, or null.
   * @param isLast nothing will come after: no risk is no risk.
   */
  next(atRiskMs: number | null, isLast: boolean): NextMark {
    const atMs = this.#clock.monotonicMs();
    if (atRiskMs !== null) this.#lastRiskAtMs = atMs;
    const isCalm = isLast || atMs - this.#lastRiskAtMs >= CALM_AFTER_MS;
    const kept = this.#kept;
    if (atRiskMs === null && isCalm) {
      return { risk: null, isDue: kept !== null && this.#isOld(atMs), isUrgent: false };
    }
    const nowMs = Math.trunc(this.#clock.nowMs());
    const risk: Risk = {
      sinceMs: Math.trunc(atRiskMs ?? nowMs - MARGIN_MS),
      untilMs: Math.max(nowMs, kept?.untilMs ?? nowMs),
    };
    // Or the clock was set ahead: the mark would end before what is at risk now.
    if (kept === null || nowMs > endOf(kept)) return { risk, isDue: true, isUrgent: true };
    return { risk, isDue: risk.sinceMs < kept.sinceMs || this.#isOld(atMs), isUrgent: false };
  }

  /** The file has it. */
  kept(risk: Risk | null): void {
    this.#kept = risk;
    this.#keptAtMs = this.#clock.monotonicMs();
  }

  #isOld(atMs: number): boolean {
    return atMs - this.#keptAtMs >= MARK_EVERY_MS;
  }
}

/** A run ends soon after its last mark: nothing at risk is later than this, UTC ms. */
function endOf({ untilMs }: Risk): number {
  return untilMs + MARK_EVERY_MS + MARGIN_MS;
}

/** @returns the least of those that are known, or null. */
export function least(values: readonly (number | null)[]): number | null {
  let least: number | null = null;
  for (const value of values) {
    if (value !== null && (least === null || value < least)) least = value;
  }
  return least;
}
