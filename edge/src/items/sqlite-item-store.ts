/** Pieces and their spectra: taken in memory, written a few times a second, bounded in both places. */
import { join } from 'node:path';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import {
  compareItemPlaces,
  type Item,
  type ItemKey,
  type ItemOverride,
  type ItemPlace,
} from '../domain/sorting/item.ts';
import type { Clock } from '../ports/clock.ts';
import {
  ITEMS_PER_PAGE_MAX,
  ItemsUnavailable,
  type Found,
  type ItemPage,
  type ItemQuery,
  type ItemStore,
  type ItemStoreHealth,
  type KeptItem,
  type OverrideOutcome,
} from '../ports/item-store.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import { GuardedItems } from './guarded-items.ts';
import type { ItemBounds, ItemsFile, WaitingItem } from './items-file.ts';
import { ITEMS_FILE } from './items-tables.ts';
import { spectrumOfRow, spectrumRow } from './spectrum-row.ts';

/** How often what waits is written, ms: a process that is killed loses no more. */
export const FLUSH_MS = 250;
/** Pieces of one commit: a few milliseconds, after which the sorter has its turn. */
export const BATCH_MAX = 64;
/** Pieces that wait for the disk at most; past it the oldest are given up, and counted. */
export const WAITING_MAX = 2000;
/** Between two commits, ms. */
const TURN_MS = 1;
/** How often the log is moved into the file, ms. */
const TIDY_MS = 10_000;
/** Pieces read in one go when many are asked for. */
const ROWS = 500;
/** Characters of a text that is kept. */
export const KEPT_TEXT_MAX = 1_000_000;

export const DEFAULT_ITEM_BOUNDS: ItemBounds = { items: 200_000, spectra: 20_000 };

export interface ItemStoreOptions {
  /** Absolute. Whoever opens it holds the lock of this directory. */
  readonly dataDir: string;
  readonly bounds: ItemBounds;
  readonly clock: Clock;
  readonly log: Log;
  /** Free space of the disk, bytes; null when nobody can tell. */
  readonly freeBytes: () => number | null;
  /** With less free space than this nothing is written: it is kept for the ledger. */
  readonly reserveBytes: number;
}

export class SqliteItemStore implements ItemStore {
  readonly #options: ItemStoreOptions;
  readonly #file: GuardedItems;
  #waiting: WaitingItem[] = [];
  #dropped = 0;

  constructor(options: ItemStoreOptions) {
    this.#options = options;
    this.#file = new GuardedItems({ ...options, path: join(options.dataDir, ITEMS_FILE) });
    this.#file.open();
  }

  get health(): ItemStoreHealth {
    const { fault, items, spectra, unreadable, setAsideAtMs, isOpen } = this.#file;
    return {
      state: fault === null ? 'ok' : isOpen ? 'not-stored' : 'closed',
      reason: fault?.reason ?? null,
      items: items + this.#waiting.length,
      spectra,
      waiting: this.#waiting.length,
      dropped: this.#dropped,
      unreadable,
      setAsideAtMs,
    };
  }

  add(item: Item, spectrum: Spectrum | null): void {
    this.#waiting.push({ item, spectrum: spectrum === null ? null : spectrumRow(spectrum) });
    if (this.#waiting.length <= WAITING_MAX) return;
    this.#waiting.shift();
    this.#dropped += 1;
  }

  find(key: ItemKey): Found<KeptItem | null> {
    const waiting = this.#waitingAt(key);
    if (waiting !== undefined) return found({ item: waiting.item, overrides: [] });
    return this.#ask((file) => file.find(key));
  }

  spectrumOf(key: ItemKey): Found<Spectrum | null> {
    const waiting = this.#waitingAt(key);
    if (waiting !== undefined) {
      return found(waiting.spectrum === null ? null : spectrumOfRow(waiting.spectrum));
    }
    return this.#ask((file) => file.spectrum(key));
  }

  page(query: ItemQuery): Found<ItemPage> {
    const limit = Math.min(ITEMS_PER_PAGE_MAX, Math.max(1, Math.trunc(query.limit)));
    return this.#ask((file) => file.page(query, limit));
  }

  *itemsOfTime({ fromMs, toMs }: { fromMs: number; toMs: number }, max: number): Generator<Item> {
    // Numbers of rows begin at 1: this is before the first of that moment.
    let after: { ms: number; n: number } | null = { ms: Math.trunc(fromMs), n: 0 };
    let left = max;
    while (after !== null && left > 0) {
      const from: { ms: number; n: number } = after;
      const { items, next } = this.#insist((file) => file.ofTime(toMs, from, Math.min(ROWS, left)));
      yield* items;
      left -= Math.min(ROWS, left);
      after = next;
    }
  }

  *itemsAfter(device: string, place: ItemPlace | null): Generator<Item> {
    let reached: ItemPlace = place ?? { life: '', seq: -1 };
    while (true) {
      const from = reached;
      const { items, next } = this.#insist((file) => file.after(device, from, ROWS));
      // What waits is looked at before anything is given: it may be written meanwhile, and is read in the next round.
      const isEnd = next === null && items.length === 0;
      const given = isEnd ? this.#waitingAfter(device, from) : items;
      if (isEnd && given.length === 0) return;
      yield* given;
      reached = next ?? given.at(-1) ?? reached;
    }
  }

  lastPlace(device: string): Found<ItemPlace | null> {
    const waiting = this.#waiting.findLast(({ item }) => item.device === device)?.item;
    return waiting === undefined
      ? this.#ask((file) => file.lastPlace(device))
      : found({ life: waiting.life, seq: waiting.seq });
  }

  override(key: ItemKey, override: ItemOverride): OverrideOutcome {
    while (this.#waitingAt(key) !== undefined) if (!this.#writeSome()) return 'not-stored';
    if (!this.#hasRoom()) return 'not-stored';
    return this.#file.attempt((file) => file.override(key, override))?.value ?? 'not-stored';
  }

  keep(name: string, text: string): boolean {
    if (text.length > KEPT_TEXT_MAX || !this.#hasRoom()) return false;
    return this.#file.attempt((file) => file.keep(name, text))?.value ?? false;
  }

  kept(name: string): string | null {
    return this.#file.attempt((file) => file.kept(name))?.value ?? null;
  }

  /** Writes until the signal aborts; {@link close} then writes the rest. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    let tidiedAtMs = clock.monotonicMs();
    while (await slept(clock, FLUSH_MS, signal)) {
      this.#file.open();
      while (this.#waiting.length > 0 && this.#writeSome()) {
        if (this.#waiting.length > 0 && !(await slept(clock, TURN_MS, signal))) return;
      }
      if (clock.monotonicMs() - tidiedAtMs < TIDY_MS) continue;
      tidiedAtMs = clock.monotonicMs();
      this.tidy();
    }
  }

  /** Writes all that waits, as far as the disk takes it. */
  flush(): void {
    this.#file.open();
    while (this.#waiting.length > 0 && this.#writeSome());
  }

  tidy(): void {
    if (!this.#hasRoom() || this.#file.attempt((file) => file.tidy()) === null) return;
    if (this.#waiting.length === 0) this.#file.recovered();
  }

  /** For good. What the disk does not take is given up, and counted. */
  close(): void {
    this.flush();
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    this.#file.close();
  }

  /** @returns whether the disk took it. */
  #writeSome(): boolean {
    const { bounds } = this.#options;
    if (!this.#hasRoom()) return false;
    const pieces = this.#waiting.slice(0, BATCH_MAX);
    if (this.#file.attempt((file) => file.write(pieces, bounds)) === null) return false;
    this.#waiting = this.#waiting.slice(pieces.length);
    this.#file.recovered();
    return true;
  }

  #hasRoom(): boolean {
    const { freeBytes, reserveBytes } = this.#options;
    if ((freeBytes() ?? Infinity) >= reserveBytes) return true;
    const reason = `less than ${reserveBytes} bytes of the disk are free; they are kept for the ledger`;
    if (this.#file.isOpen) this.#file.failed({ kind: 'not-stored', reason });
    return false;
  }

  #waitingAt({ device, life, seq }: ItemKey): WaitingItem | undefined {
    return this.#waiting.find(({ item }) => item.seq === seq && item.life === life && item.device === device);
  }

  #waitingAfter(device: string, place: ItemPlace): readonly Item[] {
    return this.#waiting
      .map(({ item }) => item)
      .filter((item) => item.device === device && compareItemPlaces(item, place) > 0);
  }

  #ask<T>(action: (file: ItemsFile) => T): Found<T> {
    const answer = this.#file.attempt(action);
    if (answer !== null) return found(answer.value);
    return { kind: 'unavailable', reason: this.#file.fault?.reason ?? `${ITEMS_FILE} was begun anew` };
  }

  #insist<T>(action: (file: ItemsFile) => T): T {
    const answer = this.#ask(action);
    if (answer.kind === 'found') return answer.found;
    throw new ItemsUnavailable(answer.reason);
  }
}

function found<T>(value: T): Found<T> {
  return { kind: 'found', found: value };
}
