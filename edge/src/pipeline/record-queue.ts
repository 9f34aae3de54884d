/**
 * What happened and is not on the disk yet, in order. Records stay until the ledger says that it has them; a ledger
 * that refuses is asked again, and nothing overtakes what waits. What has to be given up is told by an event, `records.lost`.
 */
import { EVENT_TIME_MIN_MS, type LedgerPayload } from '@trame/protocol/ledger-event';
import type { RecordsLost } from '@trame/protocol/ledger-payloads';
import type { Clock } from '../ports/clock.ts';
import { ledgerRecord, type Ledger, type LedgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';

/**
 * Records that may wait. Past it a new one is dropped, counted and logged: only what nothing can tell again gets
 * here, since whoever can derive its records later stops at {@link DERIVED_WAITS_AT}.
 */
export const RECORDS_MAX = 10_000;
/** From here on states, and scales that keep numbers of their own, wait: what they missed they find by difference. */
export const DERIVED_WAITS_AT = 5000;
/** From here on throughput waits: it loses nothing by being told later, in one event instead of many. */
export const THROUGHPUT_WAITS_AT = 1000;

/** Records in one append. */
const BATCH_MAX = 200;
/** Wait before a ledger that refused is asked again, ms. */
export const RETRY_MS = 1000;

export interface RecordQueueOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** @returns marks to keep with what is recorded now. */
  readonly marks: () => Readonly<Record<string, string>>;
  /** Told that records of what fell were taken back: whoever derived them starts again from the marks. */
  readonly onTakenBack?: () => void;
}

/** `parted`: nothing yet, the batch is tried record by record. `given-up`: its record never will be stored. */
/**
 * What is derived from counters and marks: one that is given up is derived anew, with all that came after it. Sums of sorted
 * pieces are not among them: made again of the same pieces such a sum would be the same, and refused without end.
 */
const DERIVED: ReadonlySet<string> = new Set(['throughput.counted', 'total.wentBack', 'total.replaced']);

type Attempt = 'stored' | 'parted' | 'given-up' | 'refused' | 'empty';

export class RecordQueue {
  readonly #options: RecordQueueOptions;
  #records: LedgerRecord[] = [];
  /** Of what waits, and of what was stored since something did: the ledger then says the same. */
  readonly #waitingMarks = new Map<string, string>();
  readonly #waitingKeys = new Map<string, LedgerPayload>();
  #dropped = 0;
  #invalid = 0;
  /** Given up, and not yet told in an event of its own. */
  #untold: readonly RecordsLost[] = [];
  #wake: (() => void) | null = null;
  /** Of what is recorded now or not at all: who is told which. */
  readonly #asked = new Map<LedgerRecord, (isStored: boolean) => void>();
  /** Records that are on their way to the disk: the first ones. */
  #underway = 0;
  /** The last attempt failed, and what it tried waits. */
  #isRefusing = false;
  /** Records that are tried one by one, since one of them is not a record. */
  #singly = 0;

  constructor(options: RecordQueueOptions) {
    this.#options = options;
  }

  /** Records that wait for the disk. */
  get waiting(): number {
    return this.#records.length;
  }

  /** Records given up since the start: the queue was full, or the ledger never would take them. */
  get lost(): number {
    return this.#dropped + this.#invalid;
  }

  /** @returns the value that a mark has, or will have once all that waits is stored. */
  mark(name: string): string | null {
    return this.#waitingMarks.get(name) ?? this.#options.ledger.mark(name);
  }

  /** Whether an event was recorded under this key, or waits to be. */
  isKnown(key: string): boolean {
    return this.#waitingKeys.has(key) || this.#options.ledger.find(key) !== null;
  }

  /** @returns what was recorded under this key, or waits to be; null: nothing. */
  recordedUnder(key: string): LedgerPayload | null {
    return this.#waitingKeys.get(key) ?? this.#options.ledger.payloadUnder(key);
  }

  push(records: readonly LedgerRecord[]): void {
    const { log } = this.#options;
    for (const record of records) {
      if (this.#records.length < RECORDS_MAX) {
        this.#records.push(record);
        for (const [name, value] of Object.entries(record.marks)) this.#waitingMarks.set(name, value);
        if (record.key !== null) this.#waitingKeys.set(record.key, record.payload);
      } else {
        this.#dropped += 1;
        this.#noteLost('queue-full');
        log.error(
          { type: record.type, dropped: this.#dropped },
          'too much waits for the ledger; this is lost',
        );
      }
    }
    this.#wake?.();
    this.#wake = null;
  }

  /**
   * Records this now or not at all, in its place among what waits.
   * @param signal gives it up, unless it is on its way. @returns whether it is on the disk. Never rejects.
   */
  async ask(record: LedgerRecord, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || (this.#isRefusing && this.waiting > 0) || this.waiting >= RECORDS_MAX) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#asked.set(record, resolve);
    this.push([record]);
    const withdraw = (): void => {
      if (this.#records.indexOf(record) >= this.#underway) this.#refuse([record]);
    };
    signal.addEventListener('abort', withdraw, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', withdraw));
  }

  /** Nothing of it will be recorded. */
  #refuse(records: readonly LedgerRecord[]): void {
    if (records.length === 0) return;
    for (const record of records) {
      const index = this.#records.indexOf(record);
      if (index >= 0) this.#records.splice(index, 1);
      if (index >= 0 && index < this.#singly) this.#singly -= 1;
      this.#settle(record, false);
    }
    this.#recallMarks();
  }

  #settle(record: LedgerRecord, isStored: boolean): void {
    const told = this.#asked.get(record);
    this.#asked.delete(record);
    told?.(isStored);
  }

  /** Appends what comes until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = await this.#appendSome();
      if (attempt === 'refused') await slept(this.#options.clock, RETRY_MS, signal);
      else if (attempt === 'empty') await this.#filled(signal);
    }
  }

  /** Appends all that waits, until the ledger refuses. To be called when {@link run} has ended. */
  async drain(): Promise<void> {
    let attempt: Attempt;
    do attempt = await this.#appendSome();
    while (attempt !== 'refused' && attempt !== 'empty');
  }

  async #appendSome(): Promise<Attempt> {
    const { ledger, log, marks } = this.#options;
    const batch = this.#records.slice(0, this.#singly > 0 ? 1 : BATCH_MAX);
    const last = batch.at(-1);
    if (last === undefined) return 'empty';
    const marked = { ...last, marks: { ...last.marks, ...marks() } };
    this.#underway = batch.length;
    const outcome = await ledger.append([...batch.slice(0, -1), marked]);
    this.#underway = 0;
    this.#isRefusing = outcome.kind === 'not-stored' && outcome.code !== 'invalid';
    if (outcome.kind === 'stored') {
      this.#taken(batch.length);
      return 'stored';
    }
    if (outcome.code !== 'invalid') {
      this.#refuse([...this.#asked.keys()]);
      return 'refused';
    }
    if (batch.length > 1) {
      this.#singly = batch.length;
      return 'parted';
    }
    log.error(
      { type: last.type, reason: outcome.reason },
      DERIVED.has(last.type)
        ? 'the ledger does not take this record; what it tells is told again'
        : 'the ledger never will take this record; it is lost',
    );
    if (this.#asked.has(last)) {
      this.#refuse([last]);
      return 'given-up';
    }
    if (DERIVED.has(last.type)) {
      this.#takeBack();
      return 'given-up';
    }
    this.#invalid += 1;
    // It tells of others; one that told of itself would be told without end.
    if (last.type !== 'records.lost') this.#noteLost('invalid');
    this.#taken(1);
    this.#recallMarks();
    return 'given-up';
  }

  #takeBack(): void {
    const before = this.#records.length;
    this.#records = this.#records.filter(({ type }) => !DERIVED.has(type));
    this.#singly = Math.max(0, this.#singly - (before - this.#records.length));
    this.#recallMarks();
    this.#options.onTakenBack?.();
  }

  /** A mark that never will be stored must not be taken for one that will. */
  #recallMarks(): void {
    this.#waitingMarks.clear();
    this.#waitingKeys.clear();
    for (const { marks, key, payload } of this.#records) {
      for (const [name, value] of Object.entries(marks)) this.#waitingMarks.set(name, value);
      if (key !== null) this.#waitingKeys.set(key, payload);
    }
  }

  #noteLost(reason: RecordsLost['reason']): void {
    const nowMs = Math.max(EVENT_TIME_MIN_MS, this.#options.clock.nowMs());
    const known = this.#untold.find((loss) => loss.reason === reason);
    const { from, to, records } = known ?? { from: nowMs, to: nowMs, records: 0 };
    const loss = { from: Math.min(from, nowMs), to: Math.max(to, nowMs), records: records + 1, reason };
    this.#untold = [...this.#untold.filter((other) => other !== known), loss];
  }

  /** Once much room is free again: a queue that stays full tells of it in one event, not in many. */
  #tellLost(): void {
    if (this.#untold.length === 0 || this.#records.length >= DERIVED_WAITS_AT) return;
    this.#records.push(...this.#untold.map((loss) => ledgerRecord('records.lost', loss.to, loss)));
    this.#untold = [];
  }

  #taken(count: number): void {
    for (const record of this.#records.splice(0, count)) this.#settle(record, true);
    this.#tellLost();
    if (this.#records.length === 0) {
      this.#waitingMarks.clear();
      this.#waitingKeys.clear();
    }
    this.#singly = Math.max(0, this.#singly - count);
  }

  async #filled(signal: AbortSignal): Promise<void> {
    if (this.#records.length > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake);
    await promise;
    signal.removeEventListener('abort', wake);
  }
}
