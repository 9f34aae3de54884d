/** Stores of pieces for tests: a data directory of their own, a clock that a test moves, and what they say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { item, START_MS } from '../domain/sorting/test-item.ts';
import type { Spectrum } from '../domain/nir/spectrum.ts';
import type { Clock } from '../ports/clock.ts';
import type { Found } from '../ports/item-store.ts';
import { DEFAULT_ITEM_BOUNDS, SqliteItemStore, type ItemStoreOptions } from './sqlite-item-store.ts';

export const POINTS = 228;

/** Moves only when told to. */
export class HandClock implements Clock {
  #elapsedMs = 0;

  nowMs(): number {
    return START_MS + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(): Promise<void> {
    throw new Error('a test moves this clock by hand');
  }

  advance(ms: number): void {
    this.#elapsedMs += ms;
  }
}

export class ItemSite implements Disposable {
  readonly dir: string;
  readonly clock = new HandClock();
  readonly errors: { readonly message: string }[] = [];
  freeBytes: number | null = null;

  constructor(dir = mkdtempSync(join(tmpdir(), 'trame-items-'))) {
    this.dir = dir;
  }

  get file(): string {
    return join(this.dir, 'items.db');
  }

  open(
    bounds: Partial<ItemStoreOptions['bounds']> = {},
    over: Partial<ItemStoreOptions> = {},
  ): SqliteItemStore {
    return new SqliteItemStore({
      dataDir: this.dir,
      bounds: { ...DEFAULT_ITEM_BOUNDS, ...bounds },
      clock: this.clock,
      log: {
        debug: () => {},
        info: () => {},
        warn: () => {},
        error: (_fields, message) => this.errors.push({ message }),
      },
      freeBytes: () => this.freeBytes,
      reserveBytes: 1024,
      ...over,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Of a number, so that each can be told from the others; each value is one that 32 bits hold. */
export function spectrumOf(seq: number): Spectrum {
  const values = Float32Array.from({ length: POINTS }, (_, index) => 0.3 + index / POINTS + seq / 1000);
  return {
    quantity: 'absorbance',
    wavelengthsNm: { from: 900, step: 3.5, count: POINTS },
    values,
    instrument: null,
  };
}

export function fill(store: SqliteItemStore, from: number, count: number): void {
  for (let seq = from; seq < from + count; seq += 1) store.add(item(seq), spectrumOf(seq));
}

/** @throws when the store does not answer. */
export function given<T>(answer: Found<T>): T {
  if (answer.kind === 'found') return answer.found;
  throw new Error(answer.reason);
}
