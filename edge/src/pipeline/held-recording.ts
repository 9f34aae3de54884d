/**
 * The way into the ledger for whoever acts on the line or watches it, from the first moment of an edge to its last:
 * what cannot be recorded yet (the file cannot be used, the clock was never set) is held in memory, and recorded in its
 * order once it can.
 */
import type { LedgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { Recording } from '../ports/recording.ts';
import type { Recorder } from './recorder.ts';

/** Records that may be held; one more is lost, counted and logged. */
export const HELD_RECORDS_MAX = 2_000;

export class HeldRecording implements Recording {
  readonly #recorder: () => Recorder | null;
  readonly #log: Log;
  #held: LedgerRecord[] = [];
  #lost = 0;

  /** @param recorder of the ledger that is open now; null: none can be used. */
  constructor(recorder: () => Recorder | null, log: Log) {
    this.#recorder = recorder;
    this.#log = log;
  }

  get isOpen(): boolean {
    return this.#recorder()?.isOpen === true;
  }

  get waiting(): number {
    return this.#held.length + (this.#recorder()?.waiting ?? 0);
  }

  /** Whether marks can be read: what a line was at its end is known. */
  get hasMarks(): boolean {
    return this.#recorder() !== null;
  }

  /** Records that were given up here since the start. */
  get lost(): number {
    return this.#lost;
  }

  mark(name: string): string | null {
    const held = this.#held.findLast(({ marks }) => name in marks);
    return held?.marks[name] ?? this.#recorder()?.mark(name) ?? null;
  }

  isKnown(key: string): boolean {
    return this.#held.some((record) => record.key === key) || this.#recorder()?.isKnown(key) === true;
  }

  find(key: string): { readonly epoch: string; readonly seq: number } | null {
    return this.#recorder()?.find(key) ?? null;
  }

  push(records: readonly LedgerRecord[]): void {
    this.flush();
    if (this.#held.length === 0 && this.#recorder()?.push(records) === true) return;
    for (const record of records) {
      if (this.#held.length < HELD_RECORDS_MAX) {
        this.#held.push(record);
        continue;
      }
      this.#lost += 1;
      this.#log.error({ type: record.type, lost: this.#lost }, 'nothing can be recorded; this is lost');
    }
  }

  ask(record: LedgerRecord, signal: AbortSignal): Promise<boolean> {
    this.flush();
    const recorder = this.#held.length === 0 ? this.#recorder() : null;
    return recorder === null ? Promise.resolve(false) : recorder.ask(record, signal);
  }

  /** To be called after each cycle, and before the end: records what was held. */
  flush(): void {
    if (this.#held.length > 0 && this.#recorder()?.push(this.#held) === true) this.#held = [];
  }
}
