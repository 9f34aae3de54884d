/**
 * Samples between the pipeline and the broker. What cannot be sent, because there is no session, its device is not
 * born or the socket does not drain, goes to the spool; of what the socket holds back, the latest of each tag is
 * also sent as soon as it drains, so that everybody sees where a value is before its history arrives.
 */
import type { Sample } from '../domain/tag-state.ts';
import type { Spool, SpoolBatch } from '../ports/spool.ts';
import { Backlog } from './backlog.ts';
import { Replay, type ReplayOptions } from './replay.ts';

export class WaitingSamples {
  readonly #backlog = new Backlog();
  readonly #replay: Replay;
  readonly #spool: Spool;
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#spool = options.spool;
    this.#replay = new Replay(options);
  }

  /** Samples that wait to be sent again as historical; those sent again in this session do not wait. */
  get owed(): number {
    return Math.max(0, this.#spool.health.samples - this.#replay.inFlight);
  }

  /** Samples that will never be sent. */
  get dropped(): number {
    return this.#spool.health.dropped;
  }

  /** Whether samples wait for the socket to drain: newer ones must not overtake them. */
  get isBehind(): boolean {
    return !this.#backlog.isEmpty;
  }

  /** The socket does not drain. */
  holdBack(device: string, samples: readonly Sample[]): void {
    this.#backlog.add(device, samples);
    this.#spool.add(device, samples);
  }

  /** There is no session, or none in which the device was born. */
  unsent(device: string, samples: readonly Sample[]): void {
    this.#spool.add(device, samples);
  }

  sent(device: string, samples: readonly Sample[]): void {
    this.#spool.sent(device, samples);
  }

  /** A birth or a death of a device, null for all of them, says more than what is held back, which is older. */
  told(device: string | null): void {
    if (device === null) this.#backlog.clear();
    else this.#backlog.forget(device);
  }

  sessionLost(): void {
    this.#backlog.clear();
    this.#replay.lost();
    this.#spool.lose();
  }

  /** The link lives: what it took long ago has arrived. */
  settle(): void {
    const { clock, doubtMs } = this.#options;
    this.#spool.confirm(clock.monotonicMs() - doubtMs);
    this.#replay.settle();
  }

  /** What was held back and can be sent now that the socket drains. */
  takeHeldBack(): readonly { readonly device: string; readonly samples: readonly Sample[] }[] {
    return this.#backlog.takeAll();
  }

  /** The next batches to send again. */
  dueAgain(born: ReadonlySet<string>): readonly SpoolBatch[] {
    return this.#replay.due(born);
  }

  /** @param leftOut samples of the batch that could not be sent. */
  sentAgain(batch: SpoolBatch, leftOut: readonly Sample[] = []): void {
    this.#replay.sent(batch, leftOut);
  }
}
