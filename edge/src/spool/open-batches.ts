/** Samples gathered, device by device, until there are enough for a batch. */
import type { Sample } from '../domain/tag-state.ts';
import { encodeSamples } from './sample-codec.ts';

/** Samples of one batch, so that it is one message when it is sent. */
export const BATCH_SAMPLES_MAX = 500;
/** Text is the only value without a small bound: a batch with more of it than this is closed, characters. */
export const BATCH_TEXT_MAX = 64 * 1024;
/**
 * A value whose time lies further back than this when it is taken is an old one told again, or its device's clock
 * is wrong: what is lost with it is the moment at which it was taken, ms.
 */
export const SAMPLE_LAG_MAX_MS = 10_000;

/** A batch that is whole, and encoded. Times are UTC ms by the edge's clock, or the device's if it is near. */
export interface SealedBatch {
  readonly id: number;
  readonly device: string;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly body: Uint8Array;
}

interface OpenBatch {
  readonly samples: Sample[];
  textLength: number;
  fromMs: number;
  toMs: number;
}

export class OpenBatches {
  readonly #batches = new Map<string, OpenBatch>();
  readonly #nextId: () => number;
  readonly #onSealed: (batch: SealedBatch) => void;
  #count = 0;

  constructor(nextId: () => number, onSealed: (batch: SealedBatch) => void) {
    this.#nextId = nextId;
    this.#onSealed = onSealed;
  }

  /** Samples in batches that are not whole yet. */
  get count(): number {
    return this.#count;
  }

  /** First time of a sample in them, or null. */
  get oldestMs(): number | null {
    let oldestMs: number | null = null;
    for (const { fromMs } of this.#batches.values()) oldestMs = Math.min(fromMs, oldestMs ?? fromMs);
    return oldestMs;
  }

  /**
   * @param takenMs now, UTC ms.
   * @returns the first time of these samples, UTC ms; Infinity without any.
   */
  add(device: string, samples: readonly Sample[], takenMs: number): number {
    let firstMs = Infinity;
    for (const sample of samples) {
      const batch = this.#batches.get(device) ?? {
        samples: [],
        textLength: 0,
        fromMs: Infinity,
        toMs: -Infinity,
      };
      if (batch.samples.length === 0) this.#batches.set(device, batch);
      const atMs = takenMs - sample.timeMs > SAMPLE_LAG_MAX_MS ? takenMs : sample.timeMs;
      firstMs = Math.min(firstMs, atMs);
      batch.samples.push(sample);
      batch.fromMs = Math.min(batch.fromMs, atMs);
      batch.toMs = Math.max(batch.toMs, atMs);
      if (typeof sample.value === 'string') batch.textLength += sample.value.length;
      this.#count += 1;
      if (batch.samples.length >= BATCH_SAMPLES_MAX || batch.textLength >= BATCH_TEXT_MAX) this.seal(device);
    }
    return firstMs;
  }

  /** Closes the device's batch, if it has one. */
  seal(device: string): void {
    const batch = this.#batches.get(device);
    if (batch === undefined) return;
    this.#batches.delete(device);
    const { samples, fromMs, toMs } = batch;
    this.#count -= samples.length;
    this.#onSealed({
      id: this.#nextId(),
      device,
      count: samples.length,
      fromMs: Math.trunc(fromMs),
      toMs: Math.trunc(toMs),
      body: encodeSamples(samples),
    });
  }

  sealAll(): void {
    for (const device of this.#batches.keys()) this.seal(device);
  }
}
