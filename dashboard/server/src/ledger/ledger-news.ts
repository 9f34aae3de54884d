/** Wakes whoever waits for something to be stored of a ledger. */
import type { Clock } from '../ports/clock.ts';
import { slept } from '../ports/repeat.ts';

export class LedgerNews {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #told = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often something was stored; remembered before looking, nothing that comes meanwhile is missed. */
  get told(): number {
    return this.#told;
  }

  /** Something was stored: its commit is over. */
  tell(): void {
    this.#told += 1;
    for (const wake of this.#waiting) wake();
  }

  /** @returns true once something was stored after `told`, false when the time is over or the signal aborts. */
  async after(told: number, withinMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#told > told) return true;
    const over = new AbortController();
    const wake = () => over.abort();
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    this.#waiting.add(wake);
    await slept(this.#clock, Math.max(0, withinMs), over.signal);
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
    return this.#told > told;
  }

  /** Looks now and after all that is stored. @returns null when nothing was found in time. */
  async until<T>(look: () => Promise<T | null>, withinMs: number, signal: AbortSignal): Promise<T | null> {
    const lateAt = this.#clock.monotonicMs() + withinMs;
    for (;;) {
      const told = this.#told;
      const found = await look();
      if (found !== null) return found;
      if (!(await this.after(told, lateAt - this.#clock.monotonicMs(), signal))) return null;
    }
  }
}
