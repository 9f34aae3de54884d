/**
 * Samples that wait because the socket does not drain: of each tag the latest only. Nobody needs to see how
 * a value got where it is; everybody needs to see where it is.
 */
import type { Sample } from '../domain/tag-state.ts';

/** Tags that may wait; past it new ones are dropped. More than any line has. */
export const BACKLOG_TAGS_MAX = 100_000;

export class Backlog {
  readonly #devices = new Map<string, Map<string, Sample>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** @returns how many samples were given up: displaced by a later one, or past the bound. */
  add(device: string, samples: readonly Sample[]): number {
    const tags = this.#devices.get(device) ?? new Map<string, Sample>();
    this.#devices.set(device, tags);
    let dropped = 0;
    for (const sample of samples) {
      const waiting = tags.get(sample.tag);
      if (waiting === undefined && this.#size >= BACKLOG_TAGS_MAX) {
        dropped += 1;
        continue;
      }
      if (waiting === undefined) this.#size += 1;
      else dropped += 1;
      // The receiver has not seen the displaced quality: a change must be told whatever came between.
      const qualityChanged = sample.qualityChanged || waiting?.qualityChanged === true;
      tags.set(sample.tag, { ...sample, qualityChanged });
    }
    return dropped;
  }

  /** Empties the backlog. */
  takeAll(): readonly { readonly device: string; readonly samples: readonly Sample[] }[] {
    const all = [...this.#devices].map(([device, tags]) => ({ device, samples: [...tags.values()] }));
    this.clear();
    return all.filter(({ samples }) => samples.length > 0);
  }

  /** Forgets a device's samples: its birth or death says more. @returns how many were given up. */
  forget(device: string): number {
    const count = this.#devices.get(device)?.size ?? 0;
    this.#devices.delete(device);
    this.#size -= count;
    return count;
  }

  /** @returns how many samples were given up. */
  clear(): number {
    const size = this.#size;
    this.#devices.clear();
    this.#size = 0;
    return size;
  }
}
