/**
 * The file of pieces as something that may fail: opened again after a while, set aside and begun anew when it is damaged.
 *
 * It is no ledger. What must not be lost of sorting is in the ledger, sum by sum, with a hash over the pieces; these are kept
 * so that people can look at single ones for some weeks. So a damaged file is not worth a line that classifies without being
 * looked at until somebody has mended it, and nothing is claimed of it that the ledger does not say.
 */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { ItemsFile } from './items-file.ts';
import { itemsFault, type ItemsFault } from './items-fault.ts';
import { ITEMS_FILE, NewerFile } from './items-tables.ts';
import { setAside } from './set-aside.ts';

/** How long a file that cannot be opened is left alone, and the least time between two that are set aside, ms. */
export const REOPEN_MS = 30_000;

export interface GuardedItemsOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class GuardedItems {
  readonly #options: GuardedItemsOptions;
  #file: ItemsFile | null = null;
  #fault: ItemsFault | null = null;
  #triedAtMs = -Infinity;
  #asideAtMs = -Infinity;
  #setAsideAtMs: number | null = null;
  #unreadableBefore = 0;
  #isEnded = false;

  constructor(options: GuardedItemsOptions) {
    this.#options = options;
  }

  get fault(): ItemsFault | null {
    return this.#fault;
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  get items(): number {
    return this.#file?.items ?? 0;
  }

  get spectra(): number {
    return this.#file?.spectra ?? 0;
  }

  get unreadable(): number {
    return this.#unreadableBefore + (this.#file?.unreadable ?? 0);
  }

  /** UTC ms. */
  get setAsideAtMs(): number | null {
    return this.#setAsideAtMs;
  }

  /** Opens the file when it is not open, at most every {@link REOPEN_MS}. */
  open(): void {
    const { path, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#isEnded || this.#file !== null || nowMs - this.#triedAtMs < REOPEN_MS) return;
    this.#triedAtMs = nowMs;
    try {
      this.#file = ItemsFile.open(path);
      this.recovered();
    } catch (error) {
      const fault = itemsFault(error, ITEMS_FILE);
      if (fault.kind === 'damaged' && !(error instanceof NewerFile)) this.#replace(fault);
      else this.failed({ kind: 'closed', reason: fault.reason });
    }
  }

  /** @returns null when there is no file, or it failed: {@link fault} then says why. */
  attempt<T>(action: (file: ItemsFile) => T): { readonly value: T } | null {
    if (this.#file === null) return null;
    try {
      return { value: action(this.#file) };
    } catch (error) {
      const fault = itemsFault(error, ITEMS_FILE);
      if (fault.kind === 'damaged') this.#replace(fault);
      else this.failed(fault);
      return null;
    }
  }

  failed(fault: ItemsFault): void {
    if (fault.reason !== this.#fault?.reason) {
      this.#options.log.error({ reason: fault.reason }, 'pieces are not kept on disk; sorting goes on');
    }
    this.#fault = fault;
  }

  recovered(): void {
    if (this.#fault !== null) this.#options.log.info({}, 'pieces are kept on disk again');
    this.#fault = null;
  }

  /** For good. */
  close(): void {
    this.attempt((file) => file.close());
    this.#file = null;
    this.#isEnded = true;
    this.#fault ??= { kind: 'closed', reason: 'the edge stops' };
  }

  #replace(fault: ItemsFault): void {
    const { path, clock, log } = this.#options;
    this.#unreadableBefore += this.#file?.unreadable ?? 0;
    const file = this.#file;
    this.#file = null;
    const nowMs = clock.monotonicMs();
    this.failed({ kind: 'closed', reason: fault.reason });
    try {
      file?.close();
      // A disk that damages each new file would have one made several times a second.
      if (nowMs - this.#asideAtMs < REOPEN_MS) return;
      this.#asideAtMs = nowMs;
      const aside = setAside(path);
      this.#setAsideAtMs = clock.nowMs();
      log.error(
        { reason: fault.reason, aside },
        'the file of pieces is damaged: it is set aside, and a new one is begun',
      );
      this.#triedAtMs = -Infinity;
      this.open();
    } catch (error) {
      this.failed({ kind: 'closed', reason: `${fault.reason}; it cannot be set aside: ${String(error)}` });
    }
  }
}
