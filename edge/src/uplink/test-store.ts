/** What a consumer does with what it hears: checks every event, stores it once, in order, and says how far it is. */
import { sealFault } from '@trame/protocol/hash-chain';
import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import { decodeEvents, type LedgerAck } from '@trame/protocol/ledger-message';

export class TestStore {
  readonly consumer: string;
  readonly stored: LedgerEvent[] = [];
  /** Accepted by a person; null: the first one that comes. */
  epoch: string | null = null;
  refused: LedgerAck['refused'];
  /** Events that came again. */
  again = 0;
  gaps = 0;

  constructor(consumer: string) {
    this.consumer = consumer;
  }

  /** @returns whether something new was stored, or something is missing: a reason to say so at once. */
  take(bytes: Uint8Array): boolean {
    const reading = decodeEvents(bytes);
    if (reading.kind === 'refused') {
      this.refused = { code: reading.code, epoch: null, seq: null };
      return true;
    }
    let isNews = false;
    for (const event of reading.events) isNews = this.#takeOne(event) || isNews;
    return isNews;
  }

  ack(atMs: number): LedgerAck {
    const last = this.stored.at(-1);
    return {
      consumer: this.consumer,
      epoch: this.epoch,
      upTo: last?.seq ?? 0,
      hash: last?.hash ?? null,
      at: atMs,
      ...(this.refused === undefined ? {} : { refused: this.refused }),
    };
  }

  /** Forgets what is after this number, as a restored backup does. */
  loseAfter(seq: number): void {
    this.stored.length = seq;
  }

  #takeOne(event: LedgerEvent): boolean {
    const { epoch, seq, prev, hash } = event;
    if (this.epoch !== null && epoch !== this.epoch) return this.#refuse('unknown-epoch', event);
    if (sealFault(event) !== null) return this.#refuse('wrong-hash', event);
    const known = this.stored[seq - 1];
    if (known !== undefined) {
      this.again += 1;
      return known.hash === hash ? false : this.#refuse('fork', event);
    }
    if (seq !== this.stored.length + 1) {
      this.gaps += 1;
      return true;
    }
    if (prev !== (this.stored.at(-1)?.hash ?? FIRST_PREV)) return this.#refuse('broken-chain', event);
    this.epoch = epoch;
    this.stored.push(event);
    this.refused = undefined;
    return true;
  }

  #refuse(code: NonNullable<LedgerAck['refused']>['code'], { epoch, seq }: LedgerEvent): boolean {
    this.refused = { code, epoch, seq };
    return true;
  }
}
