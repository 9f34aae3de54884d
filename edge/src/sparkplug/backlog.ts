/**
 * Samples that wait because the socket does not drain: of each tag the latest only. Everybody needs to see where a
 * value is; how it got there can wait in the spool.
 */
import type { Sample } from '../domain/tag-state.ts';

/** Tags that may wait; past it new ones are left out. More than any line has. */
export const BACKLOG_TAGS_MAX = 100_000;

export class Backlog {
  readonly #devices = new Map<string, Map<string, Sample>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  add(device: string, samples: readonly Sample[]): void {
    const tags = this.#devices.get(device) ?? new Map<string, Sample>();
    this.#devices.set(device, tags);
    for (const sample of samples) {
      const waiting = tags.get(sample.tag);
      if (waiting === undefined && this.#size >= BACKLOG_TAGS_MAX) continue;
      if (waiting === undefined) this.#size += 1;
      // The receiver has not seen the displaced quality: a change must be told whatever came between.
      const qualityChanged = sample.qualityChanged || waiting?.qualityChanged === true;
      tags.set(sample.tag, { ...sample, qualityChanged });
    }
  }

  /** Empties the backlog. */
  takeAll(): readonly { readonly device: string; readonly samples: readonly Sample[] }[] {
    const all = [...this.#devices].map(([device, tags]) => ({ device, samples: [...tags.values()] }));
    this.clear();
    return all.filter(({ samples }) => samples.length > 0);
  }

  /** Forgets a device's samples: its birth or death says more. */
  forget(device: string): void {
    this.#size -= this.#devices.get(device)?.size ?? 0;
    this.#devices.delete(device);
  }

  clear(): void {
    this.#devices.clear();
    this.#size = 0;
  }
}
