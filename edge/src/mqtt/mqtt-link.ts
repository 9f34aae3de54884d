/**
 * One connection to the broker, from CONNECT to its end. It is never reconnected: a client that lives on
 * keeps queues and stores of its own, and sends what they hold before a new birth. Each attempt gets a new
 * client, with the will of that attempt.
 */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { InboundMessage } from './inbound-message.ts';

export interface LinkOptions {
  readonly config: UplinkConfig;
  readonly access: BrokerAccess;
  readonly clientId: string;
  /** Sent by the broker at QoS 1, not retained, when the connection ends without a clean goodbye; null: none. */
  readonly will: { readonly topic: string; readonly payload: Uint8Array } | null;
  /** Without these there is no session: a refusal ends the link. */
  readonly subscriptions: readonly string[];
  /** A refusal of these is only told. */
  readonly optionalSubscriptions: readonly string[];
  readonly clock: Clock;
}

export interface LinkHandlers {
  /** Connected and subscribed. */
  ready(): void;
  message(message: InboundMessage): void;
  /** An optional subscription was refused. */
  refused(topic: string, reason: string): void;
  /** The broker did not take a message at QoS 1. MQTT 5 only: before it, a broker denies in silence. */
  denied?(topic: string, reason: string): void;
  /** The link ended by itself; told once, and never after {@link MqttLink.end}. */
  closed(end: LinkEnd): void;
}

export interface LinkEnd {
  /** For a person. */
  readonly reason: string;
  /** How long the broker had accepted the connection when it was lost, ms; null: never, or given up here. */
  readonly heldMs: number | null;
}

/** Messages at QoS 1 that the broker may not have acknowledged; more are not taken. */
export const UNACKNOWLEDGED_MAX = 64;
/** How long CONNACK may take, ms. */
const CONNACK_TIMEOUT_MS = 5000;
/** How long a clean end may take before the socket is cut, ms. */
export const END_TIMEOUT_MS = 1000;
/** MQTT 5 reason code «disconnect with will message», which Sparkplug B 3.0 asks for. */
const DISCONNECT_WITH_WILL = 4;
/** MQTT 5 reason code «session taken over». */
const SESSION_TAKEN_OVER = 0x8e;

export class MqttLink {
  readonly openedAtMs: number;
  readonly #client: MqttClient;
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  #lastPacketAtMs: number;
  #closeReason = 'the broker closed the connection';
  #acceptedAtMs: number | null = null;
  #over = false;
  #unacknowledged = 0;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.openedAtMs = options.clock.monotonicMs();
    this.#lastPacketAtMs = this.openedAtMs;
    this.#client = connect(options.config.url, clientOptions(options));
    this.#client.on('connect', () => this.#connected());
    this.#client.on('message', (topic, payload, packet) => {
      if (!this.#over) handlers.message({ topic, payload, retained: packet.retain });
    });
    this.#client.on('packetreceive', () => {
      this.#lastPacketAtMs = options.clock.monotonicMs();
    });
    // Stays for the client's whole life: a late socket error must find somebody.
    this.#client.on('error', (error) => this.#lost(describe(error)));
    this.#client.on('close', () => this.#lost(this.#closeReason));
    // MQTT 5 only.
    this.#client.on('disconnect', ({ reasonCode }) => {
      this.#closeReason =
        reasonCode === SESSION_TAKEN_OVER
          ? `another client took over the id «${options.clientId}»`
          : `the broker ended the session with reason code ${reasonCode ?? 0}`;
    });
  }

  /** Monotonic ms at which the broker was last heard. */
  get lastPacketAtMs(): number {
    return this.#lastPacketAtMs;
  }

  /** Bytes that the socket has not taken yet. */
  get waitingBytes(): number {
    return this.#client.stream.writableLength;
  }

  /** Messages at QoS 1 that the broker has not acknowledged. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /**
   * Not retained. What is not acknowledged when the link ends is forgotten: whoever sent it knows better whether
   * it is still wanted.
   * @returns false when there is no connection to write to, or too much is unacknowledged.
   */
  publish(topic: string, payload: Uint8Array | string, qos: 0 | 1 = 0): boolean {
    if (this.#over || !this.#client.connected) return false;
    const bytes =
      typeof payload === 'string'
        ? payload
        : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    if (qos === 0) {
      this.#client.publish(topic, bytes, { qos, retain: false });
      return true;
    }
    if (this.#unacknowledged >= UNACKNOWLEDGED_MAX) return false;
    this.#unacknowledged += 1;
    this.#client.publish(topic, bytes, { qos, retain: false }, (error) => {
      this.#unacknowledged -= 1;
      if (error !== undefined && error !== null && !this.#over) {
        this.#handlers.denied?.(topic, describe(error));
      }
    });
    return true;
  }

  /** Gives the connection up, e.g. because the broker is silent. */
  abandon(reason: string): void {
    this.#failed({ reason, heldMs: null });
  }

  /**
   * Ends the link: with a DISCONNECT packet after everything that was published, or by cutting the socket,
   * so that the broker sends the will. Resolves when the socket is gone, within {@link END_TIMEOUT_MS}.
   */
  async end(withPacket: boolean): Promise<void> {
    this.#over = true;
    if (!withPacket || !this.#client.connected) {
      this.#client.end(true);
      return;
    }
    const { config, clock, will } = this.#options;
    const deadline = new AbortController();
    const saysWill = config.protocolVersion === 5 && will !== null;
    const packet = saysWill ? { reasonCode: DISCONNECT_WITH_WILL } : {};
    const ended = this.#client.endAsync(false, packet);
    await Promise.race([ended, clock.sleep(END_TIMEOUT_MS, deadline.signal)]).finally(() => {
      this.#client.stream.destroy();
    });
    deadline.abort();
  }

  #connected(): void {
    this.#acceptedAtMs = this.#options.clock.monotonicMs();
    const { stream } = this.#client;
    // Without this, small messages wait some 20 ms for company.
    if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true);
    const { subscriptions, optionalSubscriptions } = this.#options;
    for (const topic of optionalSubscriptions) {
      this.#client.subscribe(topic, { qos: 1 }, (error) => {
        if (error !== null && !this.#over) this.#handlers.refused(topic, describe(error));
      });
    }
    this.#client.subscribe([...subscriptions], { qos: 1 }, (error) => {
      if (this.#over) return;
      if (error === null) this.#handlers.ready();
      else this.abandon(`the broker refuses to subscribe to ${subscriptions.join(', ')}: ${describe(error)}`);
    });
  }

  #lost(reason: string): void {
    const acceptedAtMs = this.#acceptedAtMs;
    const heldMs = acceptedAtMs === null ? null : this.#options.clock.monotonicMs() - acceptedAtMs;
    this.#failed({ reason, heldMs });
  }

  #failed(end: LinkEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.end(true);
    this.#handlers.closed(end);
  }
}

function clientOptions({ config, access, clientId, will }: LinkOptions): IClientOptions {
  return {
    clientId,
    protocolVersion: config.protocolVersion,
    clean: true,
    keepalive: config.keepAliveS,
    // A busy publisher would otherwise never ping, and so never notice a broker that swallows everything.
    reschedulePings: false,
    reconnectPeriod: 0,
    connectTimeout: CONNACK_TIMEOUT_MS,
    queueQoSZero: false,
    resubscribe: false,
    ...(will === null
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false } }),
    ...(config.username === null ? {} : { username: config.username }),
    ...(access.password === null ? {} : { password: access.password }),
    ...(access.ca === null ? {} : { ca: access.ca }),
    ...(config.protocolVersion === 5 ? { properties: { sessionExpiryInterval: 0 } } : {}),
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
