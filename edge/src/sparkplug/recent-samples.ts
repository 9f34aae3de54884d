/**
 * Samples to send again as historical. A dead link is noticed only after one and a half keep-alives, and
 * what was written meanwhile is lost without a word; what comes while there is no session waits here too,
 * until there is one in which its device was born.
 * In memory and bounded: an outage longer than that is the business of a spool on disk.
 */
import type { Sample } from '../domain/tag-state.ts';

export interface RecentSample {
  readonly device: string;
  readonly sample: Sample;
  /** Monotonic ms. */
  readonly atMs: number;
}

/** Samples kept of each kind (sent lately, owed). Past it the oldest are dropped and, when owed, counted. */
export const RECENT_SAMPLES_MAX = 20_000;

export class RecentSamples {
  readonly #keepMs: number;
  readonly #sent = new BoundedQueue();
  readonly #owed = new BoundedQueue();

  /** @param keepMs how long a sent sample may still prove lost: two keep-alives. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get owed(): number {
    return this.#owed.length;
  }

  sent(device: string, samples: readonly Sample[], atMs: number): void {
    for (const sample of samples) this.#sent.push({ device, sample, atMs });
    this.#sent.dropBefore(atMs - this.#keepMs);
  }

  /** @returns how many owed samples were dropped for lack of room. */
  unsent(device: string, samples: readonly Sample[], atMs: number): number {
    let dropped = 0;
    for (const sample of samples) dropped += this.#owed.push({ device, sample, atMs });
    return dropped;
  }

  /** The session ended: what was sent lately may be lost. @returns how many were dropped for lack of room. */
  sessionLost(atMs: number): number {
    this.#sent.dropBefore(atMs - this.#keepMs);
    // Some are owed since an earlier session, some were refused by this one: the oldest goes first.
    const entries = [...this.#sent.takeAll(), ...this.#owed.takeAll()].toSorted((a, b) => a.atMs - b.atMs);
    let dropped = 0;
    for (const entry of entries) dropped += this.#owed.push(entry);
    return dropped;
  }

  /** The oldest owed samples of devices that can be told of now. They are owed no more; others wait. */
  takeOwed(max: number, isBorn: (device: string) => boolean): ReadonlyMap<string, readonly Sample[]> {
    const byDevice = new Map<string, Sample[]>();
    for (const { device, sample } of this.#owed.take(max, (entry) => isBorn(entry.device))) {
      const samples = byDevice.get(device);
      if (samples === undefined) byDevice.set(device, [sample]);
      else samples.push(sample);
    }
    return byDevice;
  }
}

/** First in, first out; an array with a moving head, cut when half of it is gone. */
class BoundedQueue {
  #items: RecentSample[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** @returns 1 when the oldest had to go, else 0. */
  push(item: RecentSample): number {
    this.#items.push(item);
    if (this.length <= RECENT_SAMPLES_MAX) return 0;
    this.#skip(1);
    return 1;
  }

  takeAll(): readonly RecentSample[] {
    const taken = this.#items.slice(this.#head);
    this.#skip(taken.length);
    return taken;
  }

  /** Takes the first `max` of those that are wanted; the others keep their places. */
  take(max: number, isWanted: (item: RecentSample) => boolean): readonly RecentSample[] {
    const taken: RecentSample[] = [];
    const left: RecentSample[] = [];
    for (const item of this.#items.slice(this.#head)) {
      (taken.length < max && isWanted(item) ? taken : left).push(item);
    }
    if (taken.length === 0) return taken;
    this.#items = left;
    this.#head = 0;
    return taken;
  }

  dropBefore(atMs: number): void {
    let count = 0;
    while ((this.#items[this.#head + count]?.atMs ?? Infinity) < atMs) count += 1;
    this.#skip(count);
  }

  #skip(count: number): void {
    this.#head += count;
    if (this.#head <= this.#items.length / 2) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
