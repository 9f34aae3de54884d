/**
 * The spool's file as something that may fail: opened again after a while, given up when it is damaged. What goes
 * wrong is kept in words and said once in the log.
 */
import { statSync } from 'node:fs';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Loss } from './gap-book.ts';
import { SpoolFile, type FileContent } from './spool-file.ts';
import { spoolFault, type SpoolFault } from './spool-fault.ts';
import { SPOOL_FILE } from './spool-tables.ts';

/** How long a file that cannot be opened is left alone, ms. */
export const REOPEN_MS = 30_000;

/** SQLite takes a file of one byte for an empty one too (its unixFileSize). */
const EMPTY_BYTES = 1;

export interface GuardedFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onOpened: (content: FileContent) => void;
  /** What was in the file is lost. */
  readonly onLost: (loss: Loss) => void;
}

export class GuardedFile {
  readonly #options: GuardedFileOptions;
  #file: SpoolFile | null = null;
  #fault: SpoolFault | null = null;
  #triedAtMs = -Infinity;
  /** Since a file was last open: a damaged one may be found at any try, and stays damaged at the next. */
  #isLossTold = false;

  constructor(options: GuardedFileOptions) {
    this.#options = options;
  }

  get fault(): SpoolFault | null {
    return this.#fault;
  }

  get samples(): number {
    return this.#file?.samples ?? 0;
  }

  get usedBytes(): number {
    return this.#file?.usedBytes ?? 0;
  }

  get oldestMs(): number | null {
    return this.#file?.oldestMs ?? null;
  }

  /** Opens the file when it is not open, at most every {@link REOPEN_MS}. */
  open(): void {
    const { path, clock, onOpened, onLost } = this.#options;
    if (this.#file !== null || clock.monotonicMs() - this.#triedAtMs < REOPEN_MS) return;
    this.#triedAtMs = clock.monotonicMs();
    try {
      // Whoever emptied the file left nothing to find damaged; SQLite would begin anew without a word.
      const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: Infinity };
      const emptied = size <= EMPTY_BYTES ? this.#allSince() : null;
      const file = SpoolFile.open(path);
      const content = file.content();
      this.#file = file;
      this.#isLossTold = false;
      this.recovered();
      onOpened(content);
      if (emptied !== null) onLost(emptied);
    } catch (error) {
      const fault = spoolFault(error, SPOOL_FILE);
      this.failed({ ...fault, state: 'closed' });
      if (!fault.isDamaged || this.#isLossTold) return;
      this.#isLossTold = true;
      onLost(this.#allSince());
    }
  }

  /** @returns null when there is no file, or it failed: {@link fault} then says why. */
  attempt<T>(action: (file: SpoolFile) => T): T | null {
    if (this.#file === null) return null;
    try {
      return action(this.#file);
    } catch (error) {
      const fault = spoolFault(error, SPOOL_FILE);
      this.failed(fault);
      if (fault.isDamaged) this.#giveUp();
      return null;
    }
  }

  failed(fault: SpoolFault): void {
    if (fault.reason !== this.#fault?.reason) {
      this.#options.log.error({ reason: fault.reason }, 'telemetry that waits is not kept on disk');
    }
    this.#fault = fault;
  }

  recovered(): void {
    if (this.#fault !== null) this.#options.log.info({}, 'telemetry that waits is kept on disk again');
    this.#fault = null;
  }

  /** For good. */
  close(): void {
    this.attempt((file) => file.close());
    this.#file = null;
    this.#fault ??= { state: 'closed', reason: 'the edge stops', isDamaged: false };
    this.#triedAtMs = Infinity;
  }

  #giveUp(): void {
    const file = this.#file;
    this.#file = null;
    if (file === null) return;
    this.#isLossTold = true;
    const { clock, onLost } = this.#options;
    const { samples, oldestMs } = file;
    if (samples > 0) {
      const toMs = clock.nowMs();
      onLost({ fromMs: Math.min(toMs, oldestMs ?? toMs), toMs, samples, reason: 'not-stored' });
    }
    file.close();
  }

  /** A file that was never opened held nobody knows what, from its making to its last change. */
  #allSince(): Loss {
    const { path, clock } = this.#options;
    const stat = statSync(path, { throwIfNoEntry: false });
    const fromMs = Math.floor(stat?.birthtimeMs ?? clock.nowMs());
    const toMs = Math.max(fromMs, Math.ceil(stat?.mtimeMs ?? fromMs));
    return { fromMs, toMs, samples: null, reason: 'not-stored' };
  }
}
