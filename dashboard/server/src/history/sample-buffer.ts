import type { Sample } from './history-store.ts';

/** Samples that wait for the engine, in order of arrival; past the bound the oldest go, counted and told. */
export class SampleBuffer {
  readonly #max: number;
  readonly #onDropped: (samples: readonly Sample[]) => void;
  #chunks: Sample[][] = [];
  #size = 0;
  #overflowed = 0;

  constructor(max: number, onDropped: (samples: readonly Sample[]) => void = () => undefined) {
    this.#max = max;
    this.#onDropped = onDropped;
  }

  get size(): number {
    return this.#size;
  }

  get overflowed(): number {
    return this.#overflowed;
  }

  add(samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    this.#chunks.push([...samples]);
    this.#size += samples.length;
    while (this.#size > this.#max) {
      const oldest = this.#chunks[0] ?? [];
      const excess = this.#size - this.#max;
      const dropped = oldest.length <= excess ? (this.#chunks.shift() ?? []) : oldest.splice(0, excess);
      this.#size -= dropped.length;
      this.#overflowed += dropped.length;
      this.#onDropped(dropped);
    }
  }

  /** Takes out up to `max` samples, oldest first. */
  take(max: number): Sample[] {
    const taken: Sample[] = [];
    while (taken.length < max) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const room = max - taken.length;
      if (chunk.length <= room) {
        for (const sample of chunk) taken.push(sample);
        this.#chunks.shift();
      } else {
        for (const sample of chunk.splice(0, room)) taken.push(sample);
      }
    }
    this.#size -= taken.length;
    return taken;
  }

  /** Puts back what could not be stored, as the oldest. */
  putBack(samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    this.#chunks.unshift([...samples]);
    this.#size += samples.length;
    this.add([]);
  }
}
