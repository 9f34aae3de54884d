import type { Clock } from './clock.ts';

/** Different things whose last telling is remembered; past it the oldest is told anew. */
const KEYS_MAX = 64;

/** Says which of many same things is told, so that whoever floods this edge does not flood its log. */
export class SparingLog {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #toldAtMs = new Map<string, number>();

  /** @param everyMs how often the same thing is told at most. */
  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  /** @returns whether to tell this now; from then on it counts as told. */
  isDue(key: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const toldAtMs = this.#toldAtMs.get(key);
    if (toldAtMs !== undefined && nowMs - toldAtMs < this.#everyMs) return false;
    this.#toldAtMs.delete(key);
    this.#toldAtMs.set(key, nowMs);
    const [oldest] = this.#toldAtMs.keys();
    if (this.#toldAtMs.size > KEYS_MAX && oldest !== undefined) this.#toldAtMs.delete(oldest);
    return true;
  }
}
