/** When our own certificate ends, asked again from time to time: people renew it while the edge runs. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';

/** It is made when the first device is connected, and soon read after. */
const FIRST_LOOK_MS = 30_000;
const LOOK_MS = 10 * 60_000;

export class CertificateWatch {
  readonly #read: () => Promise<number | null>;
  readonly #clock: Clock;
  readonly #log: Log;
  #endsAtMs: number | null = null;

  /** @param read when it ends, UTC ms; null: there is none. */
  constructor(read: () => Promise<number | null>, clock: Clock, log: Log) {
    this.#read = read;
    this.#clock = clock;
    this.#log = log;
  }

  /** UTC ms; null: there is none, or it was not read yet. */
  get endsAtMs(): number | null {
    return this.#endsAtMs;
  }

  /** Asks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    do {
      try {
        this.#endsAtMs = await this.#read();
      } catch (error) {
        this.#endsAtMs = null;
        this.#log.warn({ error }, 'our own certificate cannot be read');
      }
    } while (await slept(this.#clock, this.#endsAtMs === null ? FIRST_LOOK_MS : LOOK_MS, signal));
  }
}
