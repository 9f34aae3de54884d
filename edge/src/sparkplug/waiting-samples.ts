/** Samples that are not sent yet or may have to be sent again, and the count of those that never will be. */
import type { Sample } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import { Backlog } from './backlog.ts';
import { RecentSamples } from './recent-samples.ts';
import { RESEND_SAMPLES } from './uplink-options.ts';

export interface DueSamples {
  readonly device: string;
  readonly samples: readonly Sample[];
  readonly historical: boolean;
}

export class WaitingSamples {
  readonly #backlog = new Backlog();
  readonly #recent: RecentSamples;
  readonly #clock: Clock;
  readonly #onDropped: (count: number) => void;

  /** @param keepMs how long a sent sample may still prove lost. */
  constructor(keepMs: number, clock: Clock, onDropped: (count: number) => void) {
    this.#recent = new RecentSamples(keepMs);
    this.#clock = clock;
    this.#onDropped = onDropped;
  }

  /** Samples that wait to be sent again as historical. */
  get owed(): number {
    return this.#recent.owed;
  }

  /** Whether samples wait for the socket to drain: newer ones must not overtake them. */
  get isBehind(): boolean {
    return !this.#backlog.isEmpty;
  }

  /** The socket does not drain: of each tag the latest waits. */
  holdBack(device: string, samples: readonly Sample[]): void {
    this.#onDropped(this.#backlog.add(device, samples));
  }

  /** There is no session, or none in which the device was born. */
  unsent(device: string, samples: readonly Sample[]): void {
    this.#onDropped(this.#recent.unsent(device, samples, this.#clock.monotonicMs()));
  }

  sent(device: string, samples: readonly Sample[]): void {
    this.#recent.sent(device, samples, this.#clock.monotonicMs());
  }

  /** A birth or a death of a device, null for all of them, says more than what waits, which is older. */
  told(device: string | null): void {
    this.#onDropped(device === null ? this.#backlog.clear() : this.#backlog.forget(device));
  }

  sessionLost(): void {
    this.#onDropped(this.#recent.sessionLost(this.#clock.monotonicMs()));
    for (const { device, samples } of this.#backlog.takeAll()) this.unsent(device, samples);
  }

  /** What can be sent now that the socket drains: all that was held back, then some of what is owed. */
  takeDue(born: ReadonlySet<string>): readonly DueSamples[] {
    const heldBack = this.#backlog.takeAll().map((held) => ({ ...held, historical: false }));
    const owed = this.#recent.takeOwed(RESEND_SAMPLES, (device) => born.has(device));
    return [...heldBack, ...[...owed].map(([device, samples]) => ({ device, samples, historical: true }))];
  }
}
