import { itemTruth, type ItemTruth } from './item-truth.ts';
import type { Fall, NirResult } from './plant/step-events.ts';
import { itemsKept, type ReadItem } from './store.ts';

/** Items that one answer gives at most. */
export const maxItemsAnswered = 1_000;

export interface ItemsAnswer {
  /** By rising number, without gaps but for results that were forgotten. */
  readonly items: readonly ItemTruth[];
  /** The number to go on from. */
  readonly next: number;
  /** The first number that is still known, and the last; null before the first read. */
  readonly oldest: number | null;
  readonly latest: number | null;
}

/** The last garments that the NIR station read, with where each fell. */
export class NirItems {
  #seed: number;
  #places: (ReadItem | null)[] = Array.from({ length: itemsKept }, () => null);
  #oldest: number | null = null;
  #latest: number | null = null;

  constructor(seed: number, saved: readonly ReadItem[]) {
    this.#seed = seed;
    for (const item of saved) this.#lay(item);
  }

  add(results: readonly NirResult[], falls: readonly Fall[]): void {
    for (const result of results) this.#lay({ result, outlet: null });
    for (const { seq, outlet } of falls) {
      const item = this.#at(seq);
      if (item !== null) this.#places[seq % itemsKept] = { ...item, outlet };
    }
  }

  /** @param from the number of the first item wanted; @param limit at most so many, up to `maxItemsAnswered`. */
  answer(from: number, limit: number): ItemsAnswer {
    const items: ItemTruth[] = [];
    const latest = this.#latest ?? 0;
    let seq = Math.max(from, this.#oldest ?? from);
    for (; seq <= latest && items.length < limit; seq += 1) {
      const item = this.#at(seq);
      if (item !== null) items.push(itemTruth(this.#seed, item));
    }
    return { items, next: Math.max(from, seq), oldest: this.#oldest, latest: this.#latest };
  }

  #at(seq: number): ReadItem | null {
    const item = this.#places[seq % itemsKept] ?? null;
    return item?.result.seq === seq ? item : null;
  }

  #lay(item: ReadItem): void {
    const { seq } = item.result;
    this.#places[seq % itemsKept] = item;
    this.#latest = seq;
    this.#oldest = Math.max(this.#oldest ?? seq, seq - itemsKept + 1);
  }
}
