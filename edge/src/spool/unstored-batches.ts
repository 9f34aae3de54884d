/** Whole batches that wait in memory for the disk, oldest first, bounded. */
import type { SealedBatch } from './open-batches.ts';
import { least } from './risk-mark.ts';

/** Encoded samples that may wait while the disk does not take them. Past it the oldest are given up. */
export const UNSTORED_BYTES_MAX = 8 * 1024 * 1024;

export class UnstoredBatches {
  #batches: SealedBatch[] = [];
  #bytes = 0;
  #samples = 0;

  get all(): readonly SealedBatch[] {
    return this.#batches;
  }

  get length(): number {
    return this.#batches.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get samples(): number {
    return this.#samples;
  }

  /** First time of a sample in them, or null: devices date their values, so not always in the first batch. */
  get oldestMs(): number | null {
    return least(this.#batches.map(({ fromMs }) => fromMs));
  }

  add(batch: SealedBatch): void {
    this.#batches.push(batch);
    this.#count(batch, 1);
  }

  /** Puts older ones where they belong. */
  putBack(batches: readonly SealedBatch[]): void {
    for (const batch of batches) this.#count(batch, 1);
    this.#batches = [...this.#batches, ...batches].toSorted((a, b) => a.id - b.id);
  }

  /** Gives up the oldest until no more than so many bytes are left. @returns what had to go. */
  shed(maxBytes: number): readonly SealedBatch[] {
    let count = 0;
    for (; this.#bytes > maxBytes; count += 1) {
      const batch = this.#batches[count];
      if (batch === undefined) break;
      this.#count(batch, -1);
    }
    return this.#batches.splice(0, count);
  }

  remove(ids: ReadonlySet<number>): void {
    for (const batch of this.#batches.filter(({ id }) => ids.has(id))) this.#count(batch, -1);
    this.#batches = this.#batches.filter(({ id }) => !ids.has(id));
  }

  clear(): void {
    this.#batches = [];
    this.#bytes = 0;
    this.#samples = 0;
  }

  /** @returns the device's oldest batch past `after`. */
  head(device: string, after: number): SealedBatch | null {
    return this.#batches.find((batch) => batch.device === device && batch.id > after) ?? null;
  }

  #count(batch: SealedBatch, sign: 1 | -1): void {
    this.#bytes += sign * batch.body.length;
    this.#samples += sign * batch.count;
  }
}
