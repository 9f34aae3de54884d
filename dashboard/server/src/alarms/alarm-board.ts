/**
 * Keeps the standing alarms of the live picture as the records have them. What was stored is looked up, not followed:
 * an event that was carried over from another ledger is stored again and means nothing.
 */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import { liveAlarms } from './alarm-repository.ts';

/** Where the rows are shown. */
export interface AlarmPicture {
  setAlarm(row: AlarmRow): unknown;
  dropAlarm(id: string): void;
}

export interface AlarmBoardOptions {
  readonly records: Records;
  readonly picture: AlarmPicture;
  readonly pictureChanged: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Records that are away are asked again after so long, ms. */
const RETRY_MS = 2_000;
/** Nothing is looked up without cause, but in case one was missed, ms. */
const LOOK_EVERY_MS = 60_000;

export class AlarmBoard {
  readonly #options: AlarmBoardOptions;
  /** What is shown, as text: only what differs is told to the pages. */
  readonly #shown = new Map<string, string>();
  #isDue = true;
  #wake: () => void = () => undefined;

  constructor(options: AlarmBoardOptions) {
    this.#options = options;
  }

  /** Told of what was stored, after its commit. */
  stored(events: readonly LedgerEvent[]): void {
    if (!events.some(({ type }) => type.startsWith('alarm.') || type === 'ledger.opened')) return;
    this.#isDue = true;
    this.#wake();
  }

  /** Shows what the records have. */
  async show(): Promise<void> {
    this.#isDue = false;
    const { records, picture, pictureChanged } = this.#options;
    const rows = await liveAlarms(records);
    const ids = new Set(rows.map(({ id }) => id));
    const gone = [...this.#shown.keys()].filter((id) => !ids.has(id));
    for (const id of gone) {
      picture.dropAlarm(id);
      this.#shown.delete(id);
    }
    const changed = rows.filter((row) => this.#shown.get(row.id) !== JSON.stringify(row));
    for (const row of changed) {
      picture.setAlarm(row);
      this.#shown.set(row.id, JSON.stringify(row));
    }
    if (gone.length + changed.length > 0) pictureChanged();
  }

  /** Shows them whenever they may have changed, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let waitMs = 0;
    while (await this.#rest(waitMs, signal)) {
      try {
        await this.show();
        waitMs = LOOK_EVERY_MS;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.warn({ reason }, 'the alarms could not be looked up: tried again soon');
        waitMs = RETRY_MS;
      }
    }
  }

  /** @returns false when the signal aborted. */
  async #rest(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    const resting = new AbortController();
    const wake = () => resting.abort();
    signal.addEventListener('abort', wake, { once: true });
    // What came meanwhile is looked up at once; after a failure it waits like the rest.
    if (this.#isDue && ms !== RETRY_MS) wake();
    else if (ms !== RETRY_MS) this.#wake = wake;
    await slept(this.#options.clock, ms, resting.signal);
    this.#wake = () => undefined;
    signal.removeEventListener('abort', wake);
    return !signal.aborted;
  }
}
