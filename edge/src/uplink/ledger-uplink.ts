/**
 * The ledger's own connection to the broker, beside Sparkplug's: events out, acknowledgements and requests in, and
 * a heartbeat that says how this edge is when its ledger cannot.
 */
import {
  encodeHeartbeat,
  HEARTBEAT_INTERVAL_MS,
  type Heartbeat,
  type HeartbeatConsumer,
} from '@trame/protocol/heartbeat';
import { parseTrameTopic, trameTopic } from '@trame/protocol/topics';
import type { UplinkConfig } from '../domain/line-config.ts';
import { retryDelayMs } from '../mqtt/backoff.ts';
import { BRIEF_CONNECTION_MS, BriefConnections } from '../mqtt/brief-connections.ts';
import { readBrokerAccess } from '../mqtt/broker-access.ts';
import type { InboundMessage } from '../mqtt/inbound-message.ts';
import { linkFault } from '../mqtt/link-fault.ts';
import type { LinkEnd, LinkHandlers, MqttLink } from '../mqtt/mqtt-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommandReceiver } from '../ports/command-receiver.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { CursorStore, Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import { SparingLog } from '../ports/sparing-log.ts';
import type { Transport } from '../ports/transport.ts';
import { SAME_WORDS_EVERY_MS } from './delivery-bounds.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import { DeliveryShell } from './delivery-shell.ts';
import { ledgerClientId, openLedgerLink } from './open-ledger-link.ts';
import { newLedgerUplinkCounts, type LedgerUplinkCounts } from './uplink-counts.ts';

export interface LedgerUplinkOptions {
  readonly site: string;
  readonly line: string;
  readonly config: UplinkConfig;
  /** Whose acknowledgements count, 1–8. */
  readonly consumers: readonly string[];
  readonly ledger: Ledger;
  readonly cursors: CursorStore;
  /** @returns the next heartbeat; its tick grows with each call. */
  readonly heartbeat: () => Heartbeat;
  /** A consumer said what time it is: its clock, ms since 1970 UTC, and when that was heard, monotonic ms. */
  readonly onServerTime: (atMs: number, receivedMonotonicMs: number) => void;
  /** Null: nobody may ask anything of this edge. */
  readonly commands: CommandReceiver | null;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface LedgerUplinkConnection {
  readonly state: 'connecting' | 'up' | 'down';
  /** Why the last connection ended or the last attempt failed; null while up. */
  readonly reason: string | null;
}

/** Bytes that the socket may hold back before the ledger waits. */
const WAITING_BYTES_MAX = 1024 * 1024;
/** How often a connection is looked after, ms. */
const WATCH_MS = 100;
/** How long a stopping edge waits for its consumers to acknowledge the last events, ms. */
const HAND_OVER_MS = 1000;
/** How often it looks whether they have, ms. */
const HAND_OVER_LOOK_MS = 20;

export class LedgerUplink {
  readonly counts: LedgerUplinkCounts = newLedgerUplinkCounts();
  readonly #options: LedgerUplinkOptions;
  readonly #delivery: DeliveryShell;
  readonly #brief: BriefConnections;
  readonly #sparing: SparingLog;
  readonly #transport: Transport;
  #link: MqttLink | null = null;
  #connection: LedgerUplinkConnection = { state: 'down', reason: null };
  #connections = 0;

  constructor(options: LedgerUplinkOptions) {
    const { site, line, clock } = options;
    this.#options = options;
    this.#brief = new BriefConnections(ledgerClientId(site, line));
    this.#sparing = new SparingLog(clock, SAME_WORDS_EVERY_MS);
    const up = (): MqttLink | null => (this.#connection.state === 'up' ? this.#link : null);
    this.#transport = {
      get isUp() {
        return up() !== null;
      },
      publish: (topic, payload, qos) => {
        const link = up();
        return link !== null && link.waitingBytes <= WAITING_BYTES_MAX && link.publish(topic, payload, qos);
      },
    };
    this.#delivery = new DeliveryShell({ ...options, transport: this.#transport });
  }

  /** How every consumer stands, in the order of the configuration. */
  get status(): HeartbeatConsumer[] {
    return this.#delivery.status;
  }

  get connection(): LedgerUplinkConnection {
    return this.#connection;
  }

  get deliveryCounts(): Readonly<DeliveryCounts> {
    return this.#delivery.counts;
  }

  /** Says how the control of the line stands. @returns false: there is no connection, or it does not drain. */
  sayControl(picture: string): boolean {
    return this.#transport.publish(this.#topic('control'), picture, 0);
  }

  /** The ledger grew: what is new is sent at once when there is a connection and room. */
  recorded(): void {
    this.#delivery.recorded();
  }

  /**
   * Keeps a connection until the signal aborts; then waits up to {@link HAND_OVER_MS} for the last events to be
   * acknowledged, and disconnects. Rejects only when an invariant is broken.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { commands } = this.#options;
    const end = new AbortController();
    const reply = (payload: string): void => {
      this.#transport.publish(this.#topic('reply'), payload, 1);
    };
    const connected = this.#stayConnected(signal).finally(() => end.abort());
    await Promise.all([
      connected,
      this.#delivery.run(end.signal),
      this.#beat(end.signal),
      ...(commands === null ? [] : [commands.run(end.signal, reply)]),
    ]).finally(() => end.abort());
  }

  #topic(channel: 'command' | 'reply' | 'heartbeat' | 'control'): string {
    return trameTopic(this.#options.site, this.#options.line, channel);
  }

  async #stayConnected(signal: AbortSignal): Promise<void> {
    const { clock, entropy } = this.#options;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const heldMs = await this.#connectOnce(signal);
      if (signal.aborted) return;
      // A broker that throws this client off whenever it publishes must not be hammered.
      if (heldMs !== null && heldMs >= BRIEF_CONNECTION_MS) attempt = 0;
      if (!(await slept(clock, retryDelayMs(attempt, entropy.random()), signal))) return;
    }
  }

  /** One connection, from its attempt to its end. @returns how long the broker had it, ms; null: never. */
  async #connectOnce(signal: AbortSignal): Promise<number | null> {
    const { config, clock, commands } = this.#options;
    this.#connection = { state: 'connecting', reason: this.#connection.reason };
    const reading = await readBrokerAccess(config);
    if (signal.aborted) return null;
    if (reading.kind === 'unreadable') return this.#ended({ reason: reading.reason, heldMs: null });
    const over = new AbortController();
    let end: LinkEnd = { reason: 'the connection ended', heldMs: null };
    const handlers = this.#handlers((how) => {
      end = how;
      over.abort();
    });
    const takesCommands = commands !== null;
    const opening = openLedgerLink({ ...this.#options, access: reading.access, takesCommands }, handlers);
    if (opening.kind === 'failed') return this.#ended({ reason: opening.reason, heldMs: null });
    const { link } = opening;
    this.#link = link;
    const either = AbortSignal.any([signal, over.signal]);
    while (await slept(clock, WATCH_MS, either)) {
      const isConnecting = this.#connection.state === 'connecting';
      const fault = linkFault(link, isConnecting, config.keepAliveS, clock.monotonicMs());
      if (fault !== null) link.abandon(fault);
    }
    if (!over.signal.aborted) await this.#handOver(over.signal);
    if (over.signal.aborted) return this.#ended(end);
    this.#link = null;
    this.#connection = { state: 'down', reason: 'the edge stops' };
    this.#delivery.down('the edge stops');
    await link.end(true);
    return null;
  }

  #handlers(closed: LinkHandlers['closed']): LinkHandlers {
    const { log } = this.#options;
    return {
      ready: () => this.#ready(),
      message: (message) => this.#received(message),
      refused: (topic, reason) => log.warn({ topic, reason }, 'the broker refuses a subscription'),
      denied: (topic, reason) => {
        this.counts.denied += 1;
        if (this.#sparing.isDue(`denied ${reason}`)) {
          log.warn({ topic, reason }, 'the broker does not take a message');
        }
      },
      closed,
    };
  }

  #ready(): void {
    const { log, consumers } = this.#options;
    if (this.#connections > 0) this.counts.reconnects += 1;
    this.#connections += 1;
    // A broker that ends each connection at once would otherwise fill the log.
    if (this.#sparing.isDue('up')) log.info({ consumers }, 'the ledger is connected to the broker');
    this.#connection = { state: 'up', reason: null };
    this.#sendHeartbeat();
    this.#delivery.up();
  }

  /** The connection, or the attempt at one, ended by itself. */
  #ended({ reason: cause, heldMs }: LinkEnd): number | null {
    const { log, config } = this.#options;
    const reason = this.#brief.ended(cause, heldMs);
    if (this.#connection.state === 'connecting') this.counts.failedConnects += 1;
    this.#link = null;
    this.#connection = { state: 'down', reason };
    this.#delivery.down(reason);
    if (this.#sparing.isDue(`ended ${reason}`)) {
      log.warn({ broker: config.url, reason }, 'the ledger has no connection to the broker');
    }
    return heldMs;
  }

  #received({ topic, payload, retained }: InboundMessage): void {
    const { commands } = this.#options;
    if (retained) {
      this.counts.retained += 1;
      return;
    }
    if (parseTrameTopic(topic)?.channel === 'command') commands?.offer(payload);
    else this.#delivery.message(topic, payload);
  }

  async #beat(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, HEARTBEAT_INTERVAL_MS, signal)) this.#sendHeartbeat();
  }

  #sendHeartbeat(): void {
    if (!this.#transport.isUp) return;
    const heartbeat = this.#options.heartbeat();
    if (!this.#transport.publish(this.#topic('heartbeat'), encodeHeartbeat(heartbeat), 0)) return;
    this.counts.heartbeats += 1;
    this.#options.commands?.heartbeatSaid(heartbeat);
  }

  /** Gives the consumers that follow the time to acknowledge the last events. */
  async #handOver(lost: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (!this.#transport.isUp) return;
    this.#delivery.recorded();
    const deadlineMs = clock.monotonicMs() + HAND_OVER_MS;
    while (!this.#delivery.isHandedOver && clock.monotonicMs() < deadlineMs) {
      if (!(await slept(clock, HAND_OVER_LOOK_MS, lost))) return;
    }
  }
}
