/**
 * Room that is really kept: a file as large as the reserve, removed when the disk is full. A mere threshold binds
 * only those who look at it; on a disk that another program fills, the ledger would be the first to have no room.
 * When the disk has room again for the file and as much beside it, it is made anew.
 */
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Entropy } from '../ports/entropy.ts';

export const RESERVE_FILE = 'ledger.reserve';

const CHUNK_BYTES = 1024 * 1024;
/** How often a reserve that was given up is thought of again, ms. */
const RETRY_MS = 60_000;

export interface DiskReserveOptions {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
  /** Free bytes on that disk; null: unknown. */
  readonly freeBytes: () => number | null;
  readonly entropy: Entropy;
}

export class DiskReserve {
  readonly #options: DiskReserveOptions;
  #isHeld = false;
  #triedAtMs: number | null = null;

  constructor(options: DiskReserveOptions) {
    this.#options = options;
  }

  /** Makes the file when the disk has room for twice as much. @param nowMs monotonic. */
  hold(nowMs: number): void {
    if (this.#isHeld || (this.#triedAtMs !== null && nowMs - this.#triedAtMs < RETRY_MS)) return;
    this.#triedAtMs = nowMs;
    const { file, bytes, freeBytes } = this.#options;
    const free = freeBytes();
    if (bytes === 0 || free === null) return;
    this.#isHeld = sizeOf(file) === bytes;
    if (!this.#isHeld && free >= 2 * bytes) this.#isHeld = this.#fill();
  }

  /** @returns true when room was given up: it is worth another try. */
  release(): boolean {
    const { file } = this.#options;
    const hadRoom = sizeOf(file) > 0;
    this.#isHeld = false;
    try {
      rmSync(file, { force: true });
      return hadRoom;
    } catch (error) {
      // A disk that refuses even this gives no room; that it refuses is seen by the ledger itself.
      if (error instanceof Error) return false;
      throw error;
    }
  }

  #fill(): boolean {
    const { file, bytes, entropy } = this.#options;
    // Zeros would be stored as nothing by a file system that compresses.
    const chunk = entropy.bytes(Math.min(CHUNK_BYTES, bytes));
    try {
      const handle = openSync(file, 'w', 0o600);
      try {
        for (let written = 0; written < bytes;) {
          written += writeSync(handle, chunk, 0, Math.min(chunk.length, bytes - written));
        }
      } finally {
        closeSync(handle);
      }
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.release();
      return false;
    }
  }
}

/** @returns 0 when there is no such file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
