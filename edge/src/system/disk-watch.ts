/** How much room is left on the disk of a directory. */
import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Clock } from '../ports/clock.ts';
import { slept } from '../ports/slept.ts';

/** How often the disk is asked, ms. */
const LOOK_MS = 2000;

export interface DiskState {
  /** `low`: under twice the reserve. `reserve`: only the ledger still writes. `unknown`: the machine does not say. */
  readonly state: 'ok' | 'low' | 'reserve' | 'unknown';
  readonly freeBytes: number | null;
  readonly reserveBytes: number;
}

export class DiskWatch {
  readonly #directory: string;
  readonly #reserveBytes: number;
  readonly #clock: Clock;
  #freeBytes: number | null;

  /** @param reserveBytes room that is the ledger's alone. */
  constructor(directory: string, reserveBytes: number, clock: Clock) {
    this.#directory = directory;
    this.#reserveBytes = reserveBytes;
    this.#clock = clock;
    this.#freeBytes = freeNow(directory);
  }

  /** Bytes that this program may still write, as it was asked last; null: the machine does not say. */
  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  get state(): DiskState {
    const freeBytes = this.#freeBytes;
    const reserveBytes = this.#reserveBytes;
    return { state: judge(freeBytes, reserveBytes), freeBytes, reserveBytes };
  }

  /** Asks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (await slept(this.#clock, LOOK_MS, signal)) {
      this.#freeBytes = await freeSoon(this.#directory);
    }
  }
}

function judge(freeBytes: number | null, reserveBytes: number): DiskState['state'] {
  if (freeBytes === null) return 'unknown';
  if (freeBytes < reserveBytes) return 'reserve';
  return freeBytes < 2 * reserveBytes ? 'low' : 'ok';
}

function freeNow(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch (error) {
    return unknown(error);
  }
}

async function freeSoon(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch (error) {
    return unknown(error);
  }
}

/** A disk that cannot be asked is a state of its own, shown as such. */
function unknown(error: unknown): null {
  if (error instanceof Error) return null;
  throw error;
}
