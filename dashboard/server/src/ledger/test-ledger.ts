/** A line's ledger for tests: events that follow one another as an edge makes them. */
import {
  FIRST_PREV,
  type EventClock,
  type LedgerEnvelope,
  type LedgerEvent,
} from '@trame/protocol/ledger-event';
import { sealEvent } from '@trame/protocol/hash-chain';
import type { LedgerEventType, LedgerPayloads } from '@trame/protocol/ledger-payloads';
import { createHash } from 'node:crypto';

/** 2026-11-20 10:00 UTC, 11:00 in Paris. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 20, 10);

/** @returns 32 hex digits, the same for the same text. */
export function opaqueId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export interface TestLedgerOptions {
  readonly site?: string;
  readonly line?: string;
  /** Names the epoch and, unless they are given, the events' ids. */
  readonly name?: string;
  readonly clock?: EventClock;
}

export class TestLedger {
  readonly site: string;
  readonly line: string;
  readonly epoch: string;
  readonly events: LedgerEvent[] = [];
  readonly #name: string;
  readonly #clock: EventClock;

  constructor({ site = 'caux', line = 'tri-1', name = 'first', clock }: TestLedgerOptions = {}) {
    this.site = site;
    this.line = line;
    this.epoch = opaqueId(`epoch ${name}`);
    this.#name = name;
    this.#clock = clock ?? { state: 'checked', offsetMs: 0 };
  }

  get topic(): string {
    return `trame/v1/${this.site}/${this.line}/ledger`;
  }

  get last(): LedgerEvent {
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('this ledger is empty');
    return last;
  }

  /** Appends what the ledger's contract knows. */
  add<T extends LedgerEventType>(
    type: T,
    payload: LedgerPayloads[T],
    changes: Partial<LedgerEnvelope> = {},
  ): LedgerEvent {
    return this.addAny(type, payload, changes);
  }

  /** Appends anything, well sealed. */
  addAny(
    type: string,
    payload: Readonly<Record<string, unknown>>,
    changes: Partial<LedgerEnvelope> = {},
  ): LedgerEvent {
    const event = sealEvent(this.events.at(-1)?.hash ?? FIRST_PREV, this.envelope(type, changes), payload);
    this.events.push(event);
    return event;
  }

  /** Of the event that would come next. */
  envelope(type: string, changes: Partial<LedgerEnvelope> = {}): LedgerEnvelope {
    const seq = this.events.length + 1;
    return {
      v: 1,
      site: this.site,
      line: this.line,
      epoch: this.epoch,
      seq,
      id: opaqueId(`${this.#name} ${seq}`),
      type,
      occurredAt: TEST_NOW_MS + seq,
      recordedAt: TEST_NOW_MS + seq,
      clock: this.#clock,
      actorRef: null,
      ...changes,
    };
  }

  open(): LedgerEvent {
    return this.add('ledger.opened', { reason: 'new', previous: null, countedBefore: [] });
  }

  /** Appends `count` device states. */
  fill(count: number): LedgerEvent[] {
    return Array.from({ length: count }, (_, index) =>
      this.add('device.state', {
        device: 'plc',
        state: index % 2 === 0 ? 'offline' : 'online',
        reason: index % 2 === 0 ? 'no answer' : null,
      }),
    );
  }

  /** What fell into one outlet, as the register `scale/total` tells. */
  count(
    outlet: string,
    grams: number,
    sourceGrams: number,
    { to = TEST_NOW_MS, totalGrams = sourceGrams, generation = 0, id = null as string | null } = {},
  ): LedgerEvent {
    const source = { device: 'scale', tag: `${outlet}-total`, generation };
    return this.add(
      'throughput.counted',
      {
        from: to - 60_000,
        to,
        counts: [{ counter: `outlet.${outlet}`, grams, totalGrams, source, sourceGrams }],
      },
      { occurredAt: to, ...(id === null ? {} : { id }) },
    );
  }
}

export const TEST_WEIGHING: LedgerPayloads['weighing.recorded'] = {
  scale: 'bale-scale',
  serial: 'B-7',
  alibiEpoch: 1,
  use: 'bale',
  source: 'alibi',
  number: 41,
  grossGrams: 402_000,
  tareGrams: 2_000,
  tareKind: 'preset',
  netGrams: 400_000,
  intervalGrams: 200,
  stable: true,
  verification: 'valid',
  verificationDue: '2027-03-01',
  simulated: true,
};

export function messageOf(events: readonly unknown[]): Uint8Array {
  return Buffer.from(JSON.stringify(events));
}
