/** `items.db`: pieces, the spectra of the latest, what people said of them. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import type { Item, ItemKey, ItemOverride, ItemPlace } from '../domain/sorting/item.ts';
import { OVERRIDES_PER_ITEM_MAX, type ItemPage, type ItemQuery, type KeptItem } from '../ports/item-store.ts';
import { itemOf, rowOf } from './item-row.ts';
import {
  cursorText,
  pageQuestion,
  prepareStatements,
  readCursor,
  type ItemsStatements,
} from './items-statements.ts';
import { pragma, prepareItems } from './items-tables.ts';
import { spectrumChecksum, spectrumOfRow, type SpectrumRow } from './spectrum-row.ts';

/** How long another program may hold the file before it counts as held, ms. */
const BUSY_TIMEOUT_MS = 300;
/** Rows that one commit removes at most: smaller bounds than yesterday's must not stop the line. */
const TRIM_MAX = 256;
/** Pages given back to the disk in one go: at 4 KiB each, 1 MiB. */
const VACUUM_PAGES = 256;
/** Free pages that are kept for the next pieces. */
const FREE_PAGES_KEPT = 1024;
/** Names under which a text may be kept. */
const KEPT_NAMES_MAX = 64;

export interface ItemBounds {
  readonly items: number;
  readonly spectra: number;
}

export interface WaitingItem {
  readonly item: Item;
  readonly spectrum: SpectrumRow | null;
}

/** Every method throws when SQLite does; then nothing of a commit was done, or all of it. */
export class ItemsFile {
  readonly #db: DatabaseSync;
  readonly #statements: ItemsStatements;
  #items = 0;
  #spectra = 0;
  #last = 0;
  #mustCount = true;
  #unreadable = 0;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepareStatements(db);
    this.#count();
  }

  /** Makes the folder and the file when they are missing. @throws when it cannot be opened or is damaged. */
  static open(path: string): ItemsFile {
    mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      prepareItems(db);
      return new ItemsFile(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  get items(): number {
    return this.#items;
  }

  get spectra(): number {
    return this.#spectra;
  }

  /** Rows that were asked for and are not what was written. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** One commit. What stands there already stays as it is, so the same pieces may be written again. */
  write(pieces: readonly WaitingItem[], bounds: ItemBounds): void {
    if (this.#mustCount) this.#count();
    this.#commit(() => {
      for (const piece of pieces) this.#insert(piece);
      this.#trim(bounds);
    });
  }

  find(key: ItemKey): KeptItem | null {
    const row = this.#row(key);
    return row === undefined ? null : this.#keptItem(row);
  }

  /** @returns null: no spectrum of it is kept, or not as it was written. */
  spectrum(key: ItemKey): Spectrum | null {
    const n = this.#row(key)?.['n'];
    if (typeof n !== 'number') return null;
    const found = this.#statements.spectrum.get(n);
    if (found === undefined) return null;
    const row = spectrumColumns(found);
    const spectrum = row !== null && spectrumChecksum(n, row) === found['crc'] ? spectrumOfRow(row) : null;
    if (spectrum === null) this.#unreadable += 1;
    return spectrum;
  }

  page(query: ItemQuery, limit: number): ItemPage {
    const cursor = query.after === null ? null : readCursor(query.after);
    if (query.after !== null && cursor === null) return { items: [], next: null };
    const { sql, values } = pageQuestion(query, cursor, limit);
    const rows = this.#db.prepare(sql).all(...values);
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      items: rows.flatMap((row) => this.#keptItem(row) ?? []),
      next:
        last === undefined
          ? null
          : cursorText({ readAtMs: Number(last['read_at_ms']), n: Number(last['n']) }),
    };
  }

  /** @returns pieces in the order of time, and where to go on; null: there are no more. */
  ofTime(toMs: number, after: { readonly ms: number; readonly n: number }, rows: number) {
    const found = this.#statements.ofTime.all(Math.trunc(toMs), after.ms, after.n, rows);
    const last = found.length < rows ? undefined : found.at(-1);
    const next = last === undefined ? null : { ms: Number(last['read_at_ms']), n: Number(last['n']) };
    return { items: found.flatMap((row) => this.#item(row) ?? []), next };
  }

  /** The same in the order of places. */
  after(device: string, { life, seq }: ItemPlace, rows: number) {
    const found = this.#statements.after.all(device, life, seq, rows);
    const last = found.length < rows ? undefined : found.at(-1);
    const next: ItemPlace | null =
      last === undefined ? null : { life: String(last['life']), seq: Number(last['seq']) };
    return { items: found.flatMap((row) => this.#item(row) ?? []), next };
  }

  lastPlace(device: string): ItemPlace | null {
    const { life, seq } = this.#statements.lastPlace.get(device) ?? {};
    return typeof life === 'string' && typeof seq === 'number' ? { life, seq } : null;
  }

  override(key: ItemKey, override: ItemOverride): 'kept' | 'unknown-item' | 'too-many' {
    const n = this.#row(key)?.['n'];
    if (typeof n !== 'number') return 'unknown-item';
    if (this.#statements.overrides.all(n).length >= OVERRIDES_PER_ITEM_MAX) return 'too-many';
    const body = JSON.stringify(override);
    this.#statements.addOverride.run(n, crc32(body, n >>> 0), body);
    return 'kept';
  }

  /** @returns false: there are too many names. */
  keep(name: string, text: string): boolean {
    if (Number(this.#statements.keptNames.get(name)?.['names']) >= KEPT_NAMES_MAX) return false;
    this.#statements.keep.run(name, crc32(text), text);
    return true;
  }

  kept(name: string): string | null {
    const { crc, text } = this.#statements.kept.get(name) ?? {};
    return typeof text === 'string' && crc32(text) === crc ? text : null;
  }

  /** Moves the log into the file, and gives room that is not needed back to the disk, a little at each call. */
  tidy(): void {
    if (Number(pragma(this.#db, 'freelist_count')) > FREE_PAGES_KEPT) {
      this.#db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    }
    this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #insert({ item, spectrum }: WaitingItem): void {
    const n = this.#last + 1;
    const { device, life, seq, readAtMs, outlet, reading, crc, body } = rowOf(item);
    const { insert, insertSpectrum } = this.#statements;
    const { changes } = insert.run(n, device, life, seq, readAtMs, outlet, reading, crc, body);
    if (Number(changes) === 0) return;
    this.#last = n;
    this.#items += 1;
    if (spectrum === null) return;
    const { quantity, instrument, fromNm, stepNm, points, axis, values } = spectrum;
    const crcOf = spectrumChecksum(n, spectrum);
    insertSpectrum.run(n, crcOf, quantity, instrument, fromNm, stepNm, points, axis, values);
    this.#spectra += 1;
  }

  #trim({ items, spectra }: ItemBounds): void {
    const { oldest, removeItems, removeOverrides, removeSpectraOf, removeSpectra } = this.#statements;
    const excess = Math.min(TRIM_MAX, this.#items - items);
    const upTo = excess > 0 ? oldest.get(excess - 1)?.['n'] : undefined;
    if (typeof upTo === 'number') {
      this.#items -= Number(removeItems.run(upTo).changes);
      this.#spectra -= Number(removeSpectraOf.run(upTo).changes);
      removeOverrides.run(upTo);
    }
    const excessSpectra = Math.min(TRIM_MAX, this.#spectra - spectra);
    if (excessSpectra > 0) this.#spectra -= Number(removeSpectra.run(excessSpectra).changes);
  }

  #commit(action: () => void): void {
    const counted = [this.#items, this.#spectra, this.#last] as const;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      action();
      this.#db.exec('COMMIT');
    } catch (error) {
      [this.#items, this.#spectra, this.#last] = counted;
      // A disk may do what it is asked and then say that it did not.
      this.#mustCount = true;
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #count(): void {
    const { items, spectra, last } = this.#statements.counts.get() ?? {};
    this.#items = Number(items);
    this.#spectra = Number(spectra);
    this.#last = Number(last ?? 0);
    this.#mustCount = false;
  }

  #row({ device, life, seq }: ItemKey) {
    return this.#statements.find.get(device, life, seq);
  }

  #item(row: Readonly<Record<string, unknown>>): Item | null {
    const item = itemOf(row);
    if (item === null) this.#unreadable += 1;
    return item;
  }

  #keptItem(row: Readonly<Record<string, unknown>>): KeptItem | null {
    const item = this.#item(row);
    if (item === null) return null;
    const n = Number(row['n']);
    const overrides = this.#statements.overrides.all(n).flatMap(({ crc, body }) => {
      if (typeof body === 'string' && crc32(body, n >>> 0) === crc) return [JSON.parse(body) as ItemOverride];
      this.#unreadable += 1;
      return [];
    });
    return { item, overrides };
  }
}

/** @returns null: these are no columns of a spectrum. */
function spectrumColumns(row: Readonly<Record<string, unknown>>): SpectrumRow | null {
  const { quantity, instrument, from_nm: fromNm, step_nm: stepNm, points, axis, values } = row;
  const isTyped =
    typeof quantity === 'string' &&
    (typeof instrument === 'string' || instrument === null) &&
    (typeof fromNm === 'number' || fromNm === null) &&
    (typeof stepNm === 'number' || stepNm === null) &&
    typeof points === 'number' &&
    (axis instanceof Uint8Array || axis === null) &&
    values instanceof Uint8Array;
  return isTyped ? { quantity, instrument, fromNm, stepNm, points, axis, values } : null;
}
