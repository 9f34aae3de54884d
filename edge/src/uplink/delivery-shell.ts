/**
 * The shell of the delivery: runs the effects of its machine on a ledger and a transport, whichever these are.
 * Knows no MQTT and starts no timer of its own but in {@link DeliveryShell.run}.
 */
import type { HeartbeatConsumer } from '@trame/protocol/heartbeat';
import { encodeMessage } from '@trame/protocol/ledger-message';
import { trameTopic } from '@trame/protocol/topics';
import type { Clock } from '../ports/clock.ts';
import type { CursorStore, Ledger, LedgerHead } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import { SparingLog } from '../ports/sparing-log.ts';
import type { Transport, TransportListener } from '../ports/transport.ts';
import { isAlarm, standingOf } from './consumer-standing.ts';
import { DELIVERY_TICK_MS, SAME_WORDS_EVERY_MS } from './delivery-bounds.ts';
import { newDeliveryCounts, type DeliveryCounts } from './delivery-counts.ts';
import {
  newDelivery,
  nextDelivery,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryState,
} from './next-delivery.ts';
import { readAck } from './read-ack.ts';

export interface DeliveryOptions {
  readonly site: string;
  readonly line: string;
  /** Whose acknowledgements count, 1–8. */
  readonly consumers: readonly string[];
  readonly ledger: Ledger;
  readonly cursors: CursorStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  /** A consumer said what time it is: its clock, ms since 1970 UTC, and when that was heard, monotonic ms. */
  readonly onServerTime: (atMs: number, receivedMonotonicMs: number) => void;
}

export class DeliveryShell implements TransportListener {
  readonly counts: DeliveryCounts = newDeliveryCounts();
  readonly #options: DeliveryOptions;
  readonly #topic: string;
  readonly #sparing: SparingLog;
  readonly #events: DeliveryEvent[] = [];
  /** Last alarm told of each consumer, by its state. */
  readonly #told = new Map<string, string>();
  #state: DeliveryState;
  #draining = false;
  #highestSent = 0;

  constructor(options: DeliveryOptions) {
    const { site, line, consumers, ledger, cursors, clock } = options;
    this.#options = options;
    this.#topic = trameTopic(site, line, 'ledger');
    this.#sparing = new SparingLog(clock, SAME_WORDS_EVERY_MS);
    const { head } = ledger;
    const kept = consumers.map((consumer) => {
      const cursor = cursors.loadCursor(consumer);
      return { consumer, upTo: cursor?.epoch === head.epoch ? cursor.upTo : 0 };
    });
    this.#state = newDelivery(head, kept, clock.monotonicMs());
  }

  /** How every consumer stands, in the order of the configuration. */
  get status(): HeartbeatConsumer[] {
    const { positions, head } = this.#state;
    const atMs = this.#options.clock.monotonicMs();
    return positions.map((position) => {
      const { consumer, upTo } = position;
      return { consumer, upTo, waiting: waitingOf(head, upTo), ...standingOf(position, head, atMs) };
    });
  }

  /** Whether every consumer that follows has acknowledged everything: there is nothing to wait for. */
  get isHandedOver(): boolean {
    return this.status.every(({ state, waiting }) => state !== 'following' || waiting === 0);
  }

  /** The ledger grew. */
  recorded(): void {
    this.#dispatch({ kind: 'recorded', head: this.#options.ledger.head, atMs: this.#nowMs() });
  }

  up(): void {
    this.#dispatch({ kind: 'up', atMs: this.#nowMs() });
  }

  down(_reason: string): void {
    this.#dispatch({ kind: 'down', atMs: this.#nowMs() });
  }

  /** A message on a topic of acknowledgements. */
  message(topic: string, payload: Uint8Array): void {
    const { ledger, log, onServerTime } = this.#options;
    const reading = readAck(topic, payload, this.#options);
    if (reading.kind === 'refused') {
      this.counts.invalidAcks += 1;
      const { reason } = reading;
      if (this.#sparing.isDue(reason)) log.warn({ topic, reason }, 'an acknowledgement was not believed');
      return;
    }
    const { ack } = reading;
    const atMs = this.#nowMs();
    this.counts.acks += 1;
    onServerTime(ack.at, atMs);
    const { head } = ledger;
    const isHere = ack.epoch === head.epoch && ack.upTo > 0 && ack.upTo <= head.seq;
    this.#dispatch({ kind: 'recorded', head, atMs });
    this.#dispatch({ kind: 'ack', ack, ownHash: isHere ? ledger.hashOf(ack.upTo) : null, atMs });
    const position = this.#state.positions.find(({ consumer }) => consumer === ack.consumer);
    const contradicts = position?.verdict.kind === 'cursor-ahead' || position?.verdict.kind === 'fork';
    if (contradicts) this.counts.contradictingAcks += 1;
  }

  /** Looks after time-outs, congestion and silence; to be called every {@link DELIVERY_TICK_MS}. */
  tick(): void {
    this.#dispatch({ kind: 'tick', atMs: this.#nowMs() });
    this.#tellAlarms();
  }

  /** Ticks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, DELIVERY_TICK_MS, signal)) this.tick();
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Effects may cause events; these wait until all effects of the present one have run. */
  #dispatch(event: DeliveryEvent): void {
    this.#events.push(event);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let first = this.#events.shift(); first !== undefined; first = this.#events.shift()) {
        const { state, effects } = nextDelivery(this.#state, first);
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#draining = false;
    }
  }

  #perform(effect: DeliveryEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.#dispatch(this.#send(effect.from, effect.max));
      case 'save-cursor':
        return this.#save(effect);
      default:
        effect satisfies never;
    }
  }

  #send(from: number, max: number): DeliveryEvent {
    const { ledger, transport, log } = this.#options;
    if (!transport.isUp) return { kind: 'not-sent' };
    const events = ledger.read(from, max);
    if (events.length === 0) {
      if (this.#sparing.isDue('unreadable'))
        log.error({ from }, 'the ledger does not give an event that it counts');
      return { kind: 'not-sent' };
    }
    const { payload, count, bytes } = encodeMessage(events);
    if (!transport.publish(this.#topic, payload, 1)) return { kind: 'not-sent' };
    const to = from + count - 1;
    this.counts.messages += 1;
    this.counts.events += count;
    this.counts.bytes += bytes;
    this.counts.eventsAgain += Math.max(0, Math.min(to, this.#highestSent) - from + 1);
    this.#highestSent = Math.max(this.#highestSent, to);
    return { kind: 'sent', from, to, bytes, atMs: this.#nowMs() };
  }

  #save({ consumer, upTo, hash }: Extract<DeliveryEffect, { kind: 'save-cursor' }>): void {
    const { cursors, log } = this.#options;
    try {
      cursors.saveCursor(consumer, { epoch: this.#state.head.epoch, upTo, hash });
    } catch (error) {
      // Not lost: the next acknowledgement says it again.
      this.counts.cursorsNotSaved += 1;
      if (this.#sparing.isDue('cursor'))
        log.warn({ consumer, error }, 'the place of a consumer could not be kept');
    }
  }

  #tellAlarms(): void {
    const { log } = this.#options;
    const { positions, head } = this.#state;
    const atMs = this.#nowMs();
    for (const position of positions) {
      const { consumer, upTo } = position;
      const standing = standingOf(position, head, atMs);
      const alarm = isAlarm(standing, position, atMs) ? standing.state : null;
      const told = this.#told.get(consumer) ?? null;
      if (alarm === told) continue;
      if (alarm === null) this.#told.delete(consumer);
      else this.#told.set(consumer, alarm);
      const fields = { consumer, state: standing.state, upTo, waiting: waitingOf(head, upTo) };
      if (!this.#sparing.isDue(`${consumer} ${standing.state}`)) continue;
      if (alarm !== null)
        log.warn({ ...fields, reason: standing.reason }, 'a consumer of the ledger does not follow');
      else if (standing.state === 'following') log.info(fields, 'a consumer of the ledger follows again');
    }
  }
}

/** Never less than none, whatever a disk makes of its ledger's end. */
function waitingOf(head: LedgerHead, upTo: number): number {
  return Math.max(0, head.seq - upTo);
}
