/**
 * The ledger of one line, durable before it is acknowledged. Appends of one turn of the event loop share one
 * transaction and one sync: whatever the sockets and timers of that turn brought waits for the same disk, and a
 * lonely append waits for nobody.
 */
import type { LedgerFaultCode } from '@trame/protocol/heartbeat';
import type { LedgerEvent, LedgerPayload } from '@trame/protocol/ledger-event';
import type { Clock } from '../ports/clock.ts';
import type {
  AcknowledgedCursor,
  AppendOutcome,
  ClockWitness,
  CursorStore,
  Ledger,
  LedgerHead,
  LedgerHealth,
  LedgerRecord,
} from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { clockTrouble } from './clock-trouble.ts';
import type { DiskReserve } from './disk-reserve.ts';
import type { LedgerWriter, WriteOutcome } from './ledger-writer.ts';
import { prepareAppend, type PreparedRecord } from './prepare-append.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { walkLedger, type LedgerNames } from './walk-ledger.ts';

/** Records that wait for one commit; with more, they are committed before the turn ends. */
export const GROUP_RECORDS_MAX = 10_000;
/** Payload bytes that wait for one commit. */
export const GROUP_BYTES_MAX = 16 * 1024 * 1024;
/** Events that one reading gives at most. */
export const READ_MAX = 1000;
/**
 * The last room on a disk, bytes: for the log to grow to its bound and its content to move into the file. With less,
 * the log could neither be written nor emptied, and a full disk could not be left without help.
 */
export const LAST_ROOM_BYTES = 4 * 1024 * 1024;

export interface SqliteLedgerOptions {
  readonly names: LedgerNames;
  readonly clock: Clock;
  readonly witness: ClockWitness;
  readonly log: Log;
  readonly freeBytes: () => number | null;
  /** Told after each commit, before the appends resolve. Must not throw. */
  readonly onStored?: (head: LedgerHead) => void;
}

interface Waiting {
  readonly records: readonly PreparedRecord[];
  readonly resolve: (outcome: AppendOutcome) => void;
}

interface Trouble {
  readonly code: LedgerFaultCode;
  readonly reason: string;
}

export class SqliteLedger implements Ledger, CursorStore {
  readonly #options: SqliteLedgerOptions;
  readonly #writer: LedgerWriter;
  readonly #reserve: DiskReserve;
  #waiting: Waiting[] = [];
  #waitingRecords = 0;
  #waitingBytes = 0;
  #flushing: NodeJS.Immediate | null = null;
  #trouble: Trouble | null = null;

  constructor(writer: LedgerWriter, reserve: DiskReserve, options: SqliteLedgerOptions) {
    this.#writer = writer;
    this.#reserve = reserve;
    this.#options = options;
    reserve.hold(options.clock.monotonicMs());
    // A ledger without events begins now, if the clock and the disk allow; else with the first append that they do.
    if (this.head.seq === 0) this.#settle([]);
  }

  get head(): LedgerHead {
    return this.#writer.head;
  }

  get health(): LedgerHealth {
    const state = this.#trouble === null ? 'ok' : this.#trouble.code === 'closed' ? 'closed' : 'not-stored';
    const { code = null, reason = null } = this.#trouble ?? {};
    return { state, code, reason, unstored: this.#waitingRecords };
  }

  mark(name: string): string | null {
    return this.#writer.mark(name);
  }

  find(key: string): { readonly epoch: string; readonly seq: number } | null {
    return this.#asked(() => {
      const position = this.#writer.file.keyPosition(key);
      return position === null ? null : this.#writer.locate(position);
    }, null);
  }

  payloadUnder(key: string): LedgerPayload | null {
    return this.#asked(() => {
      const { file } = this.#writer;
      const position = file.keyPosition(key);
      return position === null ? null : file.payloadAt(position);
    }, null);
  }

  append(records: readonly LedgerRecord[]): Promise<AppendOutcome> {
    if (this.#trouble?.code === 'closed') return Promise.resolve(notStored(this.#trouble));
    const nowMs = this.#options.clock.nowMs();
    const unset = clockTrouble(nowMs, this.#options.witness);
    if (unset !== null) return Promise.resolve(notStored(this.#meet(unset)));
    const preparation = prepareAppend(records, nowMs);
    if (preparation.kind === 'invalid') {
      const { reason } = preparation;
      this.#options.log.error({ reason }, 'a record is not one and never will be stored');
      return Promise.resolve({ kind: 'not-stored', code: 'invalid', reason });
    }
    return this.#enqueue(preparation.records);
  }

  /** At most {@link READ_MAX}. Stops before an event that is damaged, and closes the ledger. */
  read(from: number, max: number): readonly LedgerEvent[] {
    const { epoch, file } = this.#writer;
    const count = Math.min(max, READ_MAX, this.head.seq - from + 1);
    if (from < 1 || count <= 0 || this.#trouble?.code === 'closed') return [];
    return this.#asked(() => {
      const events: LedgerEvent[] = [];
      for (const step of walkLedger(file, this.#options.names, epoch.firstPosition + from - 1, count)) {
        if (step.kind === 'event') {
          events.push(step.event);
        } else {
          this.#damage(`event ${step.broken.seq}: ${step.broken.reason}`);
        }
      }
      return events;
    }, []);
  }

  /** Null, too, when the disk refuses to be read: {@link health} says so. */
  hashOf(seq: number): string | null {
    const { epoch, file, head } = this.#writer;
    if (seq === head.seq && seq > 0) return head.hash;
    if (seq < 1 || seq > head.seq) return null;
    return this.#asked(() => file.hashAt(epoch.firstPosition + seq - 1), null);
  }

  loadCursor(consumer: string): AcknowledgedCursor | null {
    return this.#asked(() => this.#writer.file.cursor(consumer), null);
  }

  saveCursor(consumer: string, cursor: AcknowledgedCursor): void {
    if (this.#trouble?.code === 'closed') throw new Error(this.#trouble.reason);
    this.#writer.file.setCursor(consumer, cursor);
  }

  /** Commits what waits, and lets go of the file. Appends from now on are not stored. */
  close(): void {
    this.#flush();
    if (this.#trouble?.code !== 'closed') {
      this.#trouble = { code: 'closed', reason: 'The ledger was closed: the edge is stopping' };
    }
    this.#writer.close();
  }

  #enqueue(records: readonly PreparedRecord[]): Promise<AppendOutcome> {
    const bytes = records.reduce((sum, { payloadText }) => sum + payloadText.length, 0);
    if (
      this.#waitingRecords + records.length > GROUP_RECORDS_MAX ||
      this.#waitingBytes + bytes > GROUP_BYTES_MAX
    ) {
      this.#flush();
    }
    const { promise, resolve } = Promise.withResolvers<AppendOutcome>();
    this.#waiting.push({ records, resolve });
    this.#waitingRecords += records.length;
    this.#waitingBytes += bytes;
    this.#flushing ??= setImmediate(() => this.#flush());
    return promise;
  }

  #flush(): void {
    if (this.#flushing !== null) clearImmediate(this.#flushing);
    this.#flushing = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingRecords = 0;
    this.#waitingBytes = 0;
    if (waiting.length > 0) this.#settle(waiting);
  }

  #settle(waiting: readonly Waiting[]): void {
    const outcome = this.#commit(waiting.map(({ records }) => records));
    if (outcome.kind === 'stored') {
      this.#recovered();
      this.#options.onStored?.(this.head);
      for (const [index, { resolve }] of waiting.entries()) {
        resolve({ kind: 'stored', results: outcome.results[index] ?? [] });
      }
      return;
    }
    for (const { resolve } of waiting) resolve(outcome);
  }

  #commit(
    group: readonly (readonly PreparedRecord[])[],
  ): Extract<WriteOutcome, { kind: 'stored' }> | Extract<AppendOutcome, { kind: 'not-stored' }> {
    if (this.#trouble?.code === 'closed') return notStored(this.#trouble);
    const { clock, witness } = this.#options;
    const nowMs = clock.nowMs();
    const unset = clockTrouble(nowMs, this.#options.witness);
    if (unset !== null) return notStored(this.#meet(unset));
    const moment = { nowMs, clock: witness.eventClock };
    if (this.#isCramped() && !this.#makeRoom()) {
      const reason = `the disk is full: under ${LAST_ROOM_BYTES} bytes are free`;
      return notStored(this.#meet({ code: 'disk-full', reason }));
    }
    let outcome = this.#writer.write(group, moment);
    if (outcome.kind === 'not-stored' && outcome.code === 'disk-full' && this.#makeRoom()) {
      outcome = this.#writer.write(group, moment);
    }
    switch (outcome.kind) {
      case 'stored':
        return outcome;
      case 'not-stored':
        return notStored(this.#meet(outcome));
      case 'damaged':
        return notStored(this.#damage(outcome.reason));
    }
  }

  #isCramped(): boolean {
    return (this.#options.freeBytes() ?? Infinity) < LAST_ROOM_BYTES;
  }

  /** The log holds pages many times over that the file holds once; after it, the reserve is given up. */
  #makeRoom(): boolean {
    if (this.#writer.emptyLog() && !this.#isCramped()) return true;
    const isReleased = this.#reserve.release();
    if (isReleased) this.#options.log.warn({}, 'the disk is full: the ledger writes into its reserve now');
    return isReleased;
  }

  #recovered(): void {
    if (this.#trouble !== null) this.#options.log.info({}, 'the ledger stores again');
    this.#trouble = null;
    this.#reserve.hold(this.#options.clock.monotonicMs());
  }

  /** Said once, not at each attempt. */
  #meet({ code, reason }: Trouble): Trouble {
    if (this.#trouble?.code !== code) {
      this.#options.log.error({ code, reason }, 'the ledger does not store: what happens waits in memory');
    }
    this.#trouble = { code, reason };
    return this.#trouble;
  }

  #damage(reason: string): Trouble {
    const trouble: Trouble = { code: 'closed', reason: `The ledger is damaged: ${reason}` };
    this.#options.log.error({ reason }, 'the ledger is damaged: nothing is appended to it any more');
    this.#trouble = trouble;
    return trouble;
  }

  /** Asks the file; a disk that refuses to be read is no reason to end the line. */
  #asked<T>(question: () => T, otherwise: T): T {
    try {
      return question();
    } catch (error) {
      const { code, reason, isDamage } = sqliteFailure(error);
      if (isDamage) this.#damage(reason);
      else if (this.#trouble?.code !== 'closed') this.#meet({ code, reason: `it cannot be read: ${reason}` });
      return otherwise;
    }
  }
}

function notStored({ code, reason }: Trouble): Extract<AppendOutcome, { kind: 'not-stored' }> {
  return { kind: 'not-stored', code, reason };
}
