/** Lines that speak before anybody saw them born: each is asked for its birth now and then, and holds no place. */
import { REBIRTH_INTERVAL_MS } from './limits.ts';

/** Asked within one interval; past it more names are counted only, and asked when earlier ones have run out. */
export const STRANGERS_MAX = 64;

export class Strangers {
  /** Monotonic ms of the last request, oldest first. */
  readonly #askedMs = new Map<string, number>();

  /** @returns whether this line may be asked now; says yes once in an interval. */
  mayAsk(site: string, line: string, monotonicMs: number): boolean {
    for (const [key, askedMs] of this.#askedMs) {
      if (monotonicMs - askedMs < REBIRTH_INTERVAL_MS) break;
      this.#askedMs.delete(key);
    }
    const key = `${site}/${line}`;
    if (this.#askedMs.has(key) || this.#askedMs.size >= STRANGERS_MAX) return false;
    this.#askedMs.set(key, monotonicMs);
    return true;
  }
}
