/** A ledger in memory, with the real chain, for tests of its way to the consumers. It survives a «restart». */
import { createHash } from 'node:crypto';
import {
  FIRST_PREV,
  type LedgerEnvelope,
  type LedgerEvent,
  type LedgerPayload,
} from '@trame/protocol/ledger-event';
import { sealEvent } from '@trame/protocol/hash-chain';
import type {
  AcknowledgedCursor,
  AppendOutcome,
  AppendResult,
  CursorStore,
  Ledger,
  LedgerHead,
  LedgerHealth,
  LedgerRecord,
} from '../ports/ledger.ts';

const NOW_MS = 1_767_225_600_000;

/** 32 hex digits that stand for a name. */
export function opaqueId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** Events of ledgers that only ever grew in one way, made once for all tests: sealing them is most of the work. */
const grown = new Map<string, LedgerEvent[]>();

export class TestLedger implements Ledger, CursorStore {
  readonly epoch: string;
  readonly site: string;
  readonly line: string;
  readonly events: LedgerEvent[] = [];
  readonly cursors = new Map<string, AcknowledgedCursor>();
  readonly keys = new Map<string, AppendResult>();
  readonly marks = new Map<string, string>();
  /** What the disk says to the next records; null: it takes them. */
  refusal: Extract<AppendOutcome, { kind: 'not-stored' }> | null = null;
  cursorFault: Error | null = null;
  /** In which one way this ledger grew so far; null: in several. */
  #way: string | null = '';

  constructor(epoch = 'first', site = 'caux', line = 'tri-1') {
    this.epoch = opaqueId(epoch);
    this.site = site;
    this.line = line;
  }

  /** A copy as a backup holds it. */
  copy(): TestLedger {
    const copy = new TestLedger('', this.site, this.line);
    Object.assign(copy, { epoch: this.epoch });
    copy.events.push(...this.events);
    copy.#way = null;
    for (const [consumer, cursor] of this.cursors) copy.cursors.set(consumer, cursor);
    return copy;
  }

  get head(): LedgerHead {
    const last = this.events.at(-1);
    return { epoch: this.epoch, seq: this.events.length, hash: last?.hash ?? FIRST_PREV };
  }

  get health(): LedgerHealth {
    return { state: 'ok', code: null, reason: null, unstored: 0 };
  }

  mark(name: string): string | null {
    return this.marks.get(name) ?? null;
  }

  find(key: string): { readonly epoch: string; readonly seq: number } | null {
    const found = this.keys.get(key);
    return found === undefined ? null : { epoch: found.epoch, seq: found.seq };
  }

  payloadUnder(key: string): LedgerPayload | null {
    const found = this.keys.get(key);
    return found === undefined ? null : (this.events[found.seq - 1]?.payload ?? null);
  }

  /** @param bytes roughly how large each event's payload is. */
  grow(count: number, what = 'x', bytes = 20): void {
    const way = `${this.epoch} ${this.site} ${this.line} ${what} ${bytes}`;
    this.#way = this.#way === '' || this.#way === way ? way : null;
    const known = this.#way === null ? [] : (grown.get(way) ?? []);
    for (let left = count; left > 0; left -= 1) {
      const seq = this.events.length + 1;
      const event =
        known[seq - 1] ?? this.#seal('test.happened', null, { seq, what: what.padEnd(bytes, '.') });
      if (known.length === seq - 1) known.push(event);
      this.events.push(event);
    }
    if (this.#way !== null) grown.set(way, known);
  }

  async append(records: readonly LedgerRecord[]): Promise<AppendOutcome> {
    await Promise.resolve();
    if (this.refusal !== null) return this.refusal;
    const results = records.map(({ type, actorRef, payload, key, marks }) => {
      const known = key === null ? undefined : this.keys.get(key);
      if (known !== undefined) return { ...known, duplicate: true };
      this.#way = null;
      this.events.push(this.#seal(type, actorRef, payload));
      const result = { seq: this.events.length, epoch: this.epoch, duplicate: false };
      if (key !== null) this.keys.set(key, result);
      for (const [name, text] of Object.entries(marks)) this.marks.set(name, text);
      return result;
    });
    return { kind: 'stored', results };
  }

  read(from: number, max: number): readonly LedgerEvent[] {
    return this.events.slice(from - 1, from - 1 + max);
  }

  hashOf(seq: number): string | null {
    return this.events[seq - 1]?.hash ?? null;
  }

  loadCursor(consumer: string): AcknowledgedCursor | null {
    return this.cursors.get(consumer) ?? null;
  }

  saveCursor(consumer: string, cursor: AcknowledgedCursor): void {
    if (this.cursorFault !== null) throw this.cursorFault;
    this.cursors.set(consumer, cursor);
  }

  #seal(type: string, actorRef: string | null, payload: Readonly<Record<string, unknown>>): LedgerEvent {
    const seq = this.events.length + 1;
    const { site, line, epoch } = this;
    const at = NOW_MS + seq;
    const envelope: LedgerEnvelope = {
      v: 1,
      site,
      line,
      epoch,
      seq,
      id: opaqueId(`${epoch} ${seq}`),
      type,
      occurredAt: at,
      recordedAt: at,
      clock: { state: 'unchecked', offsetMs: null },
      actorRef,
    };
    return sealEvent(this.head.hash, envelope, payload);
  }
}
