/** Collects the totals that arrive and counts them once a second, in one transaction. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { repeat } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import { condense, type OutletTotal } from './outlet-total.ts';
import { countTotals } from './tonnage-repository.ts';

const COUNT_INTERVAL_MS = 1_000;
/** Totals kept while the records cannot be written. They never reset, so the last of each holds all before. */
const PENDING_MAX = 10_000;

export interface TonnageCounterOptions {
  readonly records: Records;
  readonly clock: Clock;
  readonly log: Log;
  readonly dayOf: (timeMs: number) => string;
  readonly onReset: () => void;
}

export class TonnageCounter {
  readonly #options: TonnageCounterOptions;
  #pending: OutletTotal[] = [];
  #counting: Promise<void> = Promise.resolve();

  constructor(options: TonnageCounterOptions) {
    this.#options = options;
  }

  add(totals: readonly OutletTotal[]): void {
    if (totals.length === 0) return;
    this.#pending.push(...totals);
    if (this.#pending.length > PENDING_MAX) this.#pending = this.#pending.slice(-PENDING_MAX);
  }

  /** Counts until the signal aborts, and once more after that. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat(this.#options.clock, COUNT_INTERVAL_MS, signal, () => this.flush());
    await this.flush();
  }

  /** Counts what has arrived. What cannot be written stays pending. */
  flush(): Promise<void> {
    this.#counting = this.#counting.then(() => this.#count());
    return this.#counting;
  }

  async #count(): Promise<void> {
    const { records, log, dayOf, onReset } = this.#options;
    const totals = condense(this.#pending, dayOf);
    this.#pending = [];
    if (totals.length === 0) return;
    try {
      for (const reset of await countTotals(records, totals)) {
        log.warn(reset, 'an outlet total went back: the edge counts anew, and so does the server');
        onReset();
      }
    } catch (error) {
      this.#pending = [...totals, ...this.#pending];
      log.error(
        { reason: error instanceof Error ? error.message : String(error) },
        'tonnage not counted, tried again',
      );
    }
  }
}
