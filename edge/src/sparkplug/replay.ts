/**
 * Sends again what the spool holds, beside live data and slower than it could. A batch that was sent stays in the
 * spool until it is past doubt (`doubtMsOf`) in a session that was not lost. Whatever ends before that, the
 * link or this process, makes it be sent once more; the history takes the same value of the same time once.
 */
import type { Sample } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Spool, SpoolBatch } from '../ports/spool.ts';
import { fullBucket, refill, spend, type Rate, type TokenBucket } from './token-bucket.ts';

export interface ReplayOptions {
  readonly spool: Spool;
  readonly clock: Clock;
  /** Samples a second. */
  readonly perSecond: number;
  /** How long a sent sample may still prove lost, ms. */
  readonly doubtMs: number;
}

interface InFlight {
  readonly id: number;
  readonly samples: number;
  /** Of it, what no birth announces any more. */
  readonly leftOut: readonly Sample[];
  /** Monotonic ms. */
  readonly sentAtMs: number;
}

/** What a pause may save up: more at once would stand before live data, s. */
const BURST_S = 0.2;
/** Samples taken from the spool in one go. */
const TAKE_SAMPLES_MAX = 2500;
/** How often what is past doubt is removed from the spool, ms. */
const SETTLE_EVERY_MS = 1000;

export class Replay {
  readonly #options: ReplayOptions;
  readonly #rate: Rate;
  /** Of each device: up to which batch everything was sent in this session. */
  readonly #cursors = new Map<string, number>();
  #inFlight: InFlight[] = [];
  #inFlightSamples = 0;
  #bucket: TokenBucket;
  #settledAtMs = -Infinity;

  constructor(options: ReplayOptions) {
    const { perSecond, clock } = options;
    this.#options = options;
    this.#rate = { perSecond, burst: Math.max(1, perSecond * BURST_S) };
    this.#bucket = fullBucket(this.#rate, clock.monotonicMs());
  }

  /** Samples that were sent again in this session and are in doubt. */
  get inFlight(): number {
    return this.#inFlightSamples;
  }

  /** @returns the batches whose turn it is, of devices that can be told of now. */
  due(born: ReadonlySet<string>): readonly SpoolBatch[] {
    const { spool, clock } = this.#options;
    this.#bucket = refill(this.#bucket, this.#rate, clock.monotonicMs());
    if (this.#bucket.tokens <= 0) return [];
    const after = new Map([...born].map((device) => [device, this.#cursors.get(device) ?? 0]));
    return spool.peek(after, Math.min(this.#bucket.tokens, TAKE_SAMPLES_MAX));
  }

  /** @param leftOut samples of the batch that could not be sent. */
  sent({ id, device, samples }: SpoolBatch, leftOut: readonly Sample[] = []): void {
    this.#bucket = spend(this.#bucket, samples.length);
    this.#cursors.set(device, id);
    const sentAtMs = this.#options.clock.monotonicMs();
    this.#inFlight.push({ id, samples: samples.length, leftOut, sentAtMs });
    this.#inFlightSamples += samples.length;
  }

  /** Removes from the spool what is past doubt. */
  settle(): void {
    const { spool, clock, doubtMs } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#settledAtMs < SETTLE_EVERY_MS) return;
    this.#settledAtMs = nowMs;
    const first = this.#inFlight.findIndex(({ sentAtMs }) => nowMs - sentAtMs <= doubtMs);
    const past = this.#inFlight.splice(0, first === -1 ? this.#inFlight.length : first);
    if (past.length === 0) return;
    for (const { samples } of past) this.#inFlightSamples -= samples;
    spool.remove(
      past.map(({ id }) => id),
      past.flatMap(({ leftOut }) => leftOut),
    );
  }

  /** The session is over: what it sent and is in doubt is sent again in the next one. */
  lost(): void {
    this.#cursors.clear();
    this.#inFlight = [];
    this.#inFlightSamples = 0;
  }
}
