/** Says in the log that a PLC does not take Trame's life counter: not each beat, and not one that a link lost as it went. */
import type { StepOutcome } from '../domain/control/control-types.ts';
import type { TagRef } from '../domain/tag-ref.ts';
import type { Log } from '../ports/log.ts';

/** Beats have been left untaken for so long before it is told, ms. */
const TOLD_AFTER_MS = 10_000;
const TOLD_AGAIN_AFTER_MS = 600_000;

export class LifeLog {
  readonly #log: Log;
  #untakenSinceMs: number | null = null;
  #toldAtMs: number | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param nowMs monotonic. */
  take(target: TagRef, outcome: StepOutcome, nowMs: number): void {
    if (outcome.kind === 'confirmed') {
      if (this.#toldAtMs !== null) this.#log.info(target, 'the PLC takes the life counter again');
      this.#untakenSinceMs = null;
      this.#toldAtMs = null;
      return;
    }
    this.#untakenSinceMs ??= nowMs;
    if (nowMs - this.#untakenSinceMs < TOLD_AFTER_MS) return;
    if (this.#toldAtMs !== null && nowMs - this.#toldAtMs < TOLD_AGAIN_AFTER_MS) return;
    this.#toldAtMs = nowMs;
    this.#log.warn({ ...target, reason: outcome.reason }, 'the PLC does not take the life counter');
  }
}
