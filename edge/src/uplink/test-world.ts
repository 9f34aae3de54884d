/** An edge, its consumers and a network without promises, in a time that the test moves. No MQTT. */
import { encodeAck } from '@trame/protocol/ledger-message';
import { ackTopic } from '@trame/protocol/topics';
import type { Clock } from '../ports/clock.ts';
import type { Transport } from '../ports/transport.ts';
import { DELIVERY_TICK_MS } from './delivery-bounds.ts';
import { DeliveryShell } from './delivery-shell.ts';
import type { TestLedger } from './test-ledger.ts';
import { TestStore } from './test-store.ts';
import { keptLog } from './test-uplink.ts';

/** What becomes of one message on its way to one receiver. */
export interface Fate {
  readonly lost: boolean;
  readonly double: boolean;
  readonly delayMs: number;
}

const KIND: Fate = { lost: false, double: false, delayMs: 5 };
const ACK_EVERY_MS = 5000;
const ACK_SOON_MS = 200;
const STEP_MS = 20;

interface Consumer {
  readonly store: TestStore;
  dueMs: number;
}

export class TestWorld {
  readonly ledger: TestLedger;
  readonly consumers: readonly Consumer[];
  readonly logged: ReturnType<typeof keptLog>['lines'];
  shell: DeliveryShell;
  /** Taken in turn; none left: the network is kind. */
  fates: Fate[] = [];
  #nowMs = 0;
  #isUp = false;
  #arrivals: { readonly atMs: number; readonly arrive: () => void }[] = [];
  readonly #names: readonly string[];
  readonly #log = keptLog();

  constructor(ledger: TestLedger, names: readonly string[]) {
    this.ledger = ledger;
    this.#names = names;
    this.consumers = names.map((name) => ({ store: new TestStore(name), dueMs: ACK_EVERY_MS }));
    this.logged = this.#log.lines;
    this.shell = this.#start();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get isDelivered(): boolean {
    const { length } = this.ledger.events;
    return (
      this.consumers.every(({ store }) => store.stored.length === length) &&
      this.shell.status.every(({ upTo }) => upTo === length)
    );
  }

  connect(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.shell.up();
  }

  disconnect(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.shell.down('the test cut it');
  }

  /** Nobody is there to hear or to say anything. */
  silence(): void {
    for (const consumer of this.consumers) {
      consumer.dueMs = Number.POSITIVE_INFINITY;
      consumer.store.take = () => false;
    }
  }

  /** The edge is killed and started again, with what its ledger kept. */
  restart(): void {
    this.#isUp = false;
    this.shell = this.#start();
    this.connect();
  }

  grow(count: number): void {
    this.ledger.grow(count, 'x', 20);
    this.shell.recorded();
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.#nowMs < endMs) {
      this.#nowMs += STEP_MS;
      const due = this.#arrivals.filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
      this.#arrivals = this.#arrivals.filter(({ atMs }) => atMs > this.#nowMs);
      for (const { arrive } of due) arrive();
      if (this.#nowMs % DELIVERY_TICK_MS === 0) this.shell.tick();
      for (const consumer of this.consumers) {
        if (this.#nowMs >= consumer.dueMs) this.#acknowledge(consumer);
      }
    }
  }

  #start(): DeliveryShell {
    const clock: Clock = {
      nowMs: () => this.#nowMs,
      monotonicMs: () => this.#nowMs,
      sleep: () => Promise.reject(new Error('nothing here sleeps')),
    };
    const isUp = (): boolean => this.#isUp;
    const transport: Transport = {
      get isUp() {
        return isUp();
      },
      publish: (_topic, payload) => this.#publish(payload),
    };
    const { ledger } = this;
    return new DeliveryShell({
      site: ledger.site,
      line: ledger.line,
      consumers: this.#names,
      ledger,
      cursors: ledger,
      transport,
      clock,
      log: this.#log.log,
      onServerTime: () => {},
    });
  }

  #publish(payload: string): boolean {
    if (!this.#isUp) return false;
    const bytes = Buffer.from(payload);
    for (const consumer of this.consumers) {
      this.#carry(() => {
        if (consumer.store.take(bytes)) consumer.dueMs = Math.min(consumer.dueMs, this.#nowMs + ACK_SOON_MS);
      });
    }
    return true;
  }

  #acknowledge(consumer: Consumer): void {
    consumer.dueMs = this.#nowMs + ACK_EVERY_MS;
    const topic = ackTopic(this.ledger.site, this.ledger.line, consumer.store.consumer);
    const bytes = Buffer.from(encodeAck(consumer.store.ack(this.#nowMs)));
    this.#carry(() => {
      if (this.#isUp) this.shell.message(topic, bytes);
    });
  }

  #carry(arrive: () => void): void {
    const { lost, double, delayMs } = this.fates.shift() ?? KIND;
    if (lost) return;
    this.#arrivals.push({ atMs: this.#nowMs + delayMs, arrive });
    if (double) this.#arrivals.push({ atMs: this.#nowMs + 2 * delayMs + 1, arrive });
  }
}
