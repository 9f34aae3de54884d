/** What was sorted, summed up by minute into the ledger: the shell of the machine that sums. */
import { decodeToldItems, itemsMarkName } from '../domain/sorting/batch-mark.ts';
import type { Item } from '../domain/sorting/item.ts';
import type { Sha256 } from '../domain/sorting/item-sums.ts';
import {
  nextMinuteBatch,
  startMinuteBatch,
  type BatchEvent,
  type MinuteBatch,
} from '../domain/sorting/minute-batch.ts';
import type { Clock } from '../ports/clock.ts';
import { ItemsUnavailable, type ItemStore } from '../ports/item-store.ts';
import type { Log } from '../ports/log.ts';
import type { Recording } from '../ports/recording.ts';
import { slept } from '../ports/slept.ts';

export interface MinuteSumsOptions {
  readonly device: string;
  readonly items: Pick<ItemStore, 'itemsAfter'>;
  readonly recording: Pick<Recording, 'isOpen' | 'waiting' | 'mark' | 'push'>;
  readonly sha256: Sha256;
  readonly clock: Clock;
  readonly log: Log;
}

const TICK_MS = 1000;
/**
 * With so many records waiting for the disk nothing is summed: what nothing can tell again goes first, and sums are made again
 * of the pieces that are kept.
 */
export const SUMS_WAIT_AT = 1000;
/** Pieces that are summed again in one go; then the sorter has its turn. */
const REPLAYED_AT_ONCE = 200;
const TURN_MS = 1;

export class MinuteSums {
  readonly #options: MinuteSumsOptions;
  /** Null: pieces are not summed yet; they are read from where they are kept once they can be. */
  #batch: MinuteBatch | null = null;

  constructor(options: MinuteSumsOptions) {
    this.#options = options;
  }

  /** To be told after the piece was given to the store. */
  take(item: Item): void {
    if (this.#batch !== null) this.#step({ kind: 'item', item });
  }

  /** Tells minutes that are over until the signal aborts, and then what is open. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (await slept(clock, TICK_MS, signal)) {
      if (!this.#canTell) this.#batch = null;
      else if (this.#batch !== null) this.#step({ kind: 'tick', nowMs: clock.nowMs() });
      else await this.#begin(signal);
    }
    if (this.#batch !== null) this.#step({ kind: 'cut' });
  }

  get #canTell(): boolean {
    const { recording } = this.#options;
    return recording.isOpen && recording.waiting < SUMS_WAIT_AT;
  }

  /** What was kept and not told before the edge ended is summed first, in the order of the station's numbers. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { device, items, recording, clock, log } = this.#options;
    const told = decodeToldItems(recording.mark(itemsMarkName(device)));
    let batch = startMinuteBatch(device, told);
    const kept = items.itemsAfter(device, told.all)[Symbol.iterator]();
    let taken = 0;
    try {
      // Between the last piece that is kept and the first that is told live nobody else has a turn.
      for (let next = kept.next(); next.done !== true; next = kept.next()) {
        batch = this.#stepOf(batch, { kind: 'item', item: next.value });
        taken += 1;
        if (taken % REPLAYED_AT_ONCE !== 0) continue;
        if (!(await slept(clock, TURN_MS, signal)) || !this.#canTell) return;
      }
    } catch (error) {
      if (!(error instanceof ItemsUnavailable)) throw error;
      log.warn({ error, device, taken }, 'pieces of before cannot be read: they are in no sum');
    }
    this.#batch = batch;
  }

  #step(event: BatchEvent): void {
    if (this.#batch !== null) this.#batch = this.#stepOf(this.#batch, event);
  }

  #stepOf(batch: MinuteBatch, event: BatchEvent): MinuteBatch {
    const { state, events } = nextMinuteBatch(batch, event, this.#options.sha256);
    if (events.length > 0) this.#options.recording.push(events);
    return state;
  }
}
