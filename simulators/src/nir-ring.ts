import type { NirRingEntry } from './opcua/nir-nodes.ts';
import type { NirResult } from './plant/step-events.ts';
import { spectrumOf } from './plant/spectrum.ts';
import { ringSize } from './store.ts';

/** The last results of the NIR station, each in the place of its number modulo the ring's size. */
export class NirRing {
  readonly places: (NirRingEntry | null)[] = Array.from({ length: ringSize }, () => null);
  #seed: number;

  constructor(seed: number, saved: readonly NirResult[]) {
    this.#seed = seed;
    this.add(saved);
  }

  /** Lays results in their places, over those of 256 results ago. */
  add(results: readonly NirResult[]): void {
    // In a long turn at high speed a place may be taken twice; only the last result of each is worth making.
    for (const result of results.slice(-ringSize)) {
      this.places[result.seq % ringSize] = {
        seq: result.seq,
        at: new Date(result.atMs),
        spectrum: spectrumOf(this.#seed, result),
      };
    }
  }
}
