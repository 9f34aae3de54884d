/**
 * Takes the ledgers of all lines: messages in, events on the disk, acknowledgements out. What is acknowledged is
 * stored; what cannot be stored now is not acknowledged, and its edge sends it again.
 */
import { encodeAck, MESSAGE_BYTES_MAX } from '@trame/protocol/ledger-message';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { RefusalCode } from '@trame/protocol/ledger-names';
import { ackTopic, parseTrameTopic } from '@trame/protocol/topics';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import { recordsAway } from '../records/records-away.ts';
import { acked, ackSoon } from './ack-schedule.ts';
import type { LineAddress } from './judge-event.ts';
import { ackOf, LedgerLines } from './ledger-lines.ts';
import type { LedgerMessage, LedgerStore, Refusal, TakeResult } from './ledger-store.ts';
import { ACK_INTERVAL_MS, RECORDS_RETRY_MS } from './limits.ts';
import { LineQueue, type QueuedBatch } from './line-queue.ts';

export interface LedgerConsumerOptions {
  /** Name under which edges know this server. */
  readonly consumer: string;
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** May lose what it is given: acknowledgements are repeated. */
  readonly publish: (topic: string, payload: string) => void;
  /** Told after their commit, in order. */
  readonly onStored?: (address: LineAddress, events: readonly LedgerEvent[]) => void;
  readonly onRefused?: (address: LineAddress, code: RefusalCode) => void;
}

/** Since the start. */
export interface LedgerCounts {
  readonly stored: number;
  /** Sent again though stored. */
  readonly already: number;
  /** Messages left out because too much waited, or of too many lines. */
  readonly overflowed: number;
  /** Messages on which the server itself failed; its log says how. */
  readonly failed: number;
  readonly acks: number;
}

export class LedgerConsumer {
  readonly #options: LedgerConsumerOptions;
  readonly #queue = new LineQueue();
  readonly #lines = new LedgerLines();
  readonly #counts = { stored: 0, already: 0, overflowed: 0, failed: 0, acks: 0 };
  #draining: Promise<void> | null = null;
  #isAway = false;
  /** Monotonic; null: the records have never been asked how far each line is. */
  #refreshedMs: number | null = null;
  #wake: () => void = () => undefined;

  constructor(options: LedgerConsumerOptions) {
    this.#options = options;
  }

  get counts(): LedgerCounts {
    return { ...this.#counts };
  }

  /** Messages that wait to be stored. */
  get waiting(): number {
    return this.#queue.count;
  }

  /** Whether the records could not be reached or written at the last attempt. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Between recording and storing the last event of the line that lags most, ms. */
  get lagMs(): number {
    return Math.max(0, ...this.#lines.all().map(({ lagMs }) => lagMs ?? 0));
  }

  /** @returns whether an earlier event of this line is awaited. */
  isWaiting(address: LineAddress): boolean {
    return this.#lines.find(address)?.isWaiting ?? false;
  }

  /** Takes one message of a ledger's topic. Whatever it holds, it is only looked at later, one after the other. */
  message(topic: string, bytes: Uint8Array): void {
    const address = parseTrameTopic(topic);
    if (address?.channel !== 'ledger') return;
    const known = this.#lines.hear(address, this.#options.clock.monotonicMs());
    const message: LedgerMessage =
      bytes.length > MESSAGE_BYTES_MAX
        ? { kind: 'too-large', length: bytes.length }
        : { kind: 'bytes', bytes };
    if (known === null || !this.#queue.add(known.address, message)) this.#counts.overflowed += 1;
    this.#wake();
  }

  /** A line spoke, by other means: it is told how far its ledger is stored. */
  heard(address: LineAddress): void {
    if (this.#lines.hear(address, this.#options.clock.monotonicMs())?.schedule.lastMs === null) this.#wake();
  }

  /** The way to the lines is open again: all are told. */
  linkUp(): void {
    const monotonicMs = this.#options.clock.monotonicMs();
    for (const line of this.#lines.all()) line.schedule = { ...line.schedule, dueMs: monotonicMs };
    this.#wake();
  }

  /** Somebody changed how far a line counts as stored: it is told soon. */
  async changed(address: LineAddress): Promise<void> {
    await this.#refresh();
    const line = this.#lines.find(address);
    if (line === null) return;
    line.refused = null;
    line.schedule = ackSoon(line.schedule, this.#options.clock.monotonicMs());
    this.#wake();
  }

  /** Stores what waits, at most so many batches; ends early when the records are away. */
  drain(batchesMax = Number.POSITIVE_INFINITY): Promise<void> {
    this.#draining ??= this.#drain(batchesMax).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  /** Publishes the acknowledgements that are due, of what the records say is stored. */
  async tick(): Promise<void> {
    const { clock } = this.#options;
    const refreshedMs = this.#refreshedMs ?? Number.NEGATIVE_INFINITY;
    if (clock.monotonicMs() - refreshedMs >= ACK_INTERVAL_MS && !(await this.#refresh())) return;
    if (this.#isAway) return;
    for (const line of this.#lines.all()) {
      const monotonicMs = clock.monotonicMs();
      if (line.schedule.dueMs > monotonicMs) continue;
      line.schedule = acked(monotonicMs);
      this.#acknowledge(line.address, encodeAck(ackOf(this.#options.consumer, line, clock.nowMs())));
    }
  }

  /** Stores and acknowledges until the signal aborts. What waits then is not acknowledged: it is sent again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // One batch at a time, so that nobody waits for an acknowledgement until all is quiet.
      await this.drain(1);
      await this.tick();
      await this.#rest(signal);
    }
  }

  async #drain(batchesMax: number): Promise<void> {
    for (let batches = 0; batches < batchesMax; batches += 1) {
      const batch = this.#queue.next();
      if (batch === null || !(await this.#takeBatch(batch))) return;
      this.#queue.done(batch);
    }
  }

  /** @returns false when the records are away: the batch waits. */
  async #takeBatch(batch: QueuedBatch): Promise<boolean> {
    const { address, messages } = batch;
    try {
      await this.#take(address, messages);
      return true;
    } catch (error) {
      if (this.#notesAway(error)) return false;
      if (messages.length > 1) {
        // One of them is at fault: it must not take the others with it.
        for (const message of messages) {
          if (!(await this.#takeBatch({ address, messages: [message] }))) return false;
        }
        return true;
      }
      this.#counts.failed += 1;
      this.#options.log.error({ err: error, ...address }, 'a ledger message could not be stored');
      return true;
    }
  }

  async #take(address: LineAddress, messages: readonly LedgerMessage[]): Promise<void> {
    const { store, clock } = this.#options;
    const before = this.#lines.find(address)?.refused ?? null;
    const result = await store.take(address, messages, clock.nowMs());
    this.#isBack();
    this.#lines.taken(address, result, clock.nowMs(), clock.monotonicMs());
    this.#tell(address, result, before);
  }

  #tell(address: LineAddress, result: TakeResult, before: Refusal | null): void {
    const { onStored, onRefused, log } = this.#options;
    this.#counts.stored += result.stored.length;
    this.#counts.already += result.already;
    if (result.stored.length > 0) onStored?.(address, result.stored);
    for (const { code } of result.refusals) onRefused?.(address, code);
    const { lastRefused, failure } = result;
    if (failure !== undefined) this.#counts.failed += 1;
    if (lastRefused === null || isSame(lastRefused, before)) return;
    if (failure !== undefined) log.error({ err: failure, ...address }, 'an event cannot be stored');
    log.warn({ ...address, ...lastRefused }, 'part of a ledger is refused');
  }

  #acknowledge({ site, line }: LineAddress, payload: string): void {
    const { consumer, publish } = this.#options;
    publish(ackTopic(site, line, consumer), payload);
    this.#counts.acks += 1;
  }

  /** @returns false when the records are away. */
  async #refresh(): Promise<boolean> {
    const { store, clock } = this.#options;
    try {
      this.#lines.refresh(await store.cursors(), clock.monotonicMs());
      this.#refreshedMs = clock.monotonicMs();
      this.#isBack();
      return true;
    } catch (error) {
      this.#noteAway(recordsAway(error) ?? reasonOf(error));
      return false;
    }
  }

  /** @returns whether the error says that the records are away. */
  #notesAway(error: unknown): boolean {
    const reason = recordsAway(error);
    if (reason === null) return false;
    this.#noteAway(reason);
    return true;
  }

  #noteAway(reason: string): void {
    if (!this.#isAway) {
      this.#options.log.error({ reason }, 'the records are away: ledgers wait, nothing is acknowledged');
    }
    this.#isAway = true;
  }

  #isBack(): void {
    if (this.#isAway) this.#options.log.info({}, 'the records are back: ledgers are stored again');
    this.#isAway = false;
  }

  /** Until something is due or comes in. */
  async #rest(signal: AbortSignal): Promise<void> {
    if (this.#queue.count > 0 && !this.#isAway) return;
    const { clock } = this.#options;
    const resting = new AbortController();
    const wake = () => resting.abort();
    signal.addEventListener('abort', wake, { once: true });
    // While the records are away, what comes in changes nothing.
    if (!this.#isAway) this.#wake = wake;
    await slept(clock, this.#restMs(), resting.signal);
    this.#wake = () => undefined;
    signal.removeEventListener('abort', wake);
  }

  #restMs(): number {
    if (this.#isAway) return RECORDS_RETRY_MS;
    const nowMs = this.#options.clock.monotonicMs();
    const nextMs = Math.min(...this.#lines.all().map(({ schedule }) => schedule.dueMs));
    return Math.max(0, Math.min(nextMs - nowMs, ACK_INTERVAL_MS));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isSame(a: Refusal, b: Refusal | null): boolean {
  return b !== null && a.code === b.code && a.epoch === b.epoch && a.seq === b.seq;
}
