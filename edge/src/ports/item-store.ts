/** Where pieces and their spectra are kept for people to look at: bounded, and never in the way of the sorter. */
import type { FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import type { Item, ItemKey, ItemOverride, ItemPlace } from '../domain/sorting/item.ts';

export interface KeptItem {
  readonly item: Item;
  /** In the order in which people said so: the last one holds. */
  readonly overrides: readonly ItemOverride[];
}

/** What can be read now is `found`; `unavailable`: the file does not answer, and why, for a person. */
export type Found<T> =
  | { readonly kind: 'found'; readonly found: T }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface ItemQuery {
  readonly outlet?: string;
  readonly reading?: FibreReading;
  /** UTC ms, both included. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** 1 to {@link ITEMS_PER_PAGE_MAX}. */
  readonly limit: number;
  /** As a page before gave it; null: the newest. */
  readonly after: string | null;
}

export interface ItemPage {
  /** Newest first by the time of reading. */
  readonly items: readonly KeptItem[];
  /** Gives the page after it; null: there is none. */
  readonly next: string | null;
}

export type OverrideOutcome = 'kept' | 'unknown-item' | 'too-many' | 'not-stored';

export interface ItemStoreHealth {
  readonly state: 'ok' | 'not-stored' | 'closed';
  /** In words for a person; null when ok. */
  readonly reason: string | null;
  readonly items: number;
  readonly spectra: number;
  /** Pieces that wait for the disk. */
  readonly waiting: number;
  /** Pieces given up since the edge started: too many waited. */
  readonly dropped: number;
  /** Pieces that lie in the file and cannot be read, as far as they were asked for. */
  readonly unreadable: number;
  /** When a damaged file was set aside and another begun, UTC ms; null: not since the edge started. */
  readonly setAsideAtMs: number | null;
}

export const ITEMS_PER_PAGE_MAX = 200;
export const OVERRIDES_PER_ITEM_MAX = 16;

/** No method throws for what the disk or the file says, and none waits for the disk but those that read. */
export interface ItemStore {
  readonly health: ItemStoreHealth;
  /** Takes a piece in memory. A second one of the same place is not kept. @param spectrum null: there is none to keep. */
  add(item: Item, spectrum: Spectrum | null): void;
  find(key: ItemKey): Found<KeptItem | null>;
  /** As it came, in 32-bit floats; null: none is kept of it, or none any more. */
  spectrumOf(key: ItemKey): Found<Spectrum | null>;
  page(query: ItemQuery): Found<ItemPage>;
  /**
   * Pieces of a time, oldest first, at most so many; each once, while others are added. It may stop after any of them.
   * @throws {ItemsUnavailable} when the file stops answering: what came is not all there is.
   */
  itemsOfTime(time: { readonly fromMs: number; readonly toMs: number }, max: number): Iterable<Item>;
  /** Pieces of a device after a place, in the order of their places. @throws {ItemsUnavailable} */
  itemsAfter(device: string, place: ItemPlace | null): Iterable<Item>;
  /** @returns the greatest place that is kept of a device; null: none. */
  lastPlace(device: string): Found<ItemPlace | null>;
  /** Adds what a person says; nothing of before is changed. On the disk when it returns `kept`. */
  override(key: ItemKey, override: ItemOverride): OverrideOutcome;
  /** A text that outlives the edge as pieces do: lost with a damaged file. @returns whether it is on the disk. */
  keep(name: string, text: string): boolean;
  /** @returns null: there is none, or the file does not answer. */
  kept(name: string): string | null;
}

export class ItemsUnavailable extends Error {
  override readonly name = 'ItemsUnavailable';
}
