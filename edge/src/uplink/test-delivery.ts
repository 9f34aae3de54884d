/** The machine played for tests: every sending is taken by the connection, unless it is congested. */
import type { LedgerAck } from '@trame/protocol/ledger-message';
import { standingOf } from './consumer-standing.ts';
import {
  newDelivery,
  nextDelivery,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryState,
} from './next-delivery.ts';
import type { TestLedger } from './test-ledger.ts';

export interface Sending {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
}

export class DeliveryPlay {
  readonly ledger: TestLedger;
  readonly sendings: Sending[] = [];
  readonly saved: { readonly consumer: string; readonly upTo: number }[] = [];
  state: DeliveryState;
  atMs = 0;
  congested = false;
  bytesPerEvent = 500;
  /** Called with every state that was reached. */
  watch: (state: DeliveryState) => void = () => {};

  constructor(ledger: TestLedger, consumers: readonly string[] = ['trame']) {
    this.ledger = ledger;
    const kept = consumers.map((consumer) => ({ consumer, upTo: ledger.loadCursor(consumer)?.upTo ?? 0 }));
    this.state = newDelivery(ledger.head, kept, this.atMs);
  }

  up(): this {
    return this.step({ kind: 'up', atMs: this.atMs });
  }

  down(): this {
    return this.step({ kind: 'down', atMs: this.atMs });
  }

  grow(count: number): this {
    this.ledger.grow(count);
    return this.step({ kind: 'recorded', head: this.ledger.head, atMs: this.atMs });
  }

  /** Time goes by, in ticks of 100 ms. */
  wait(ms: number): this {
    for (const endMs = this.atMs + ms; this.atMs < endMs;) {
      this.atMs += 100;
      this.step({ kind: 'tick', atMs: this.atMs });
    }
    return this;
  }

  /** A consumer says how far it is, with the hash of this ledger unless told otherwise. */
  ack(upTo: number, over: Partial<LedgerAck> = {}): this {
    const { epoch } = this.ledger;
    const hash = this.ledger.hashOf(upTo);
    const ack: LedgerAck = { consumer: 'trame', epoch, upTo, hash, at: 0, ...over };
    const ownHash = ack.epoch === epoch ? this.ledger.hashOf(ack.upTo) : null;
    return this.step({ kind: 'ack', ack, ownHash, atMs: this.atMs });
  }

  /** @returns what went out since it was asked last. */
  sent(): readonly Sending[] {
    return this.sendings.splice(0);
  }

  standing(consumer = 'trame') {
    const position = this.state.positions.find((candidate) => candidate.consumer === consumer);
    if (position === undefined) throw new Error(`no consumer ${consumer}`);
    return standingOf(position, this.state.head, this.atMs);
  }

  step(event: DeliveryEvent): this {
    const { state, effects } = nextDelivery(this.state, event);
    this.state = state;
    this.watch(state);
    for (const effect of effects) this.#perform(effect);
    return this;
  }

  #perform(effect: DeliveryEffect): void {
    if (effect.kind === 'save-cursor') {
      this.saved.push({ consumer: effect.consumer, upTo: effect.upTo });
      return;
    }
    if (this.congested) {
      this.step({ kind: 'not-sent' });
      return;
    }
    const { from } = effect;
    const to = Math.min(from + effect.max - 1, this.ledger.head.seq);
    this.sendings.push({ from, to, atMs: this.atMs });
    const bytes = (to - from + 1) * this.bytesPerEvent;
    this.step({ kind: 'sent', from, to, bytes, atMs: this.atMs });
  }
}

/** @returns the numbers of events in these sendings, in the order they went out. */
export function numbers(sendings: readonly Sending[]): readonly number[] {
  return sendings.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
}

export function range(from: number, to: number): readonly number[] {
  return numbers([{ from, to, atMs: 0 }]);
}
