/** The MQTT client of the host application: runs the effects of {@link nextHost}, one client per connection. */
import { decodeHostState, encodeHostState } from '@trame/protocol/sparkplug/host-state';
import { REBIRTH_METRIC } from '@trame/protocol/sparkplug/names';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { encodePayload } from '@trame/protocol/sparkplug/payload';
import { HOST_SUBSCRIPTION, nodeTopic, stateTopic } from '@trame/protocol/sparkplug/topic';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import {
  NEW_HOST,
  nextHost,
  reconnectDelayMs,
  type HostEffect,
  type HostEvent,
  type HostState,
} from './host-session.ts';

export interface HostLinkOptions {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly ca: string | null;
  /** MQTT 3.1.1 (4) or 5. */
  readonly version: 4 | 5;
  readonly hostId: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Every message but our own STATE. */
  readonly onMessage: (topic: string, payload: Uint8Array, retained: boolean) => void;
  /** What is listened to beside Sparkplug. A broker that refuses it leaves Sparkplug as it is. */
  readonly subscriptions: readonly string[];
  /** {@link onMessage} threw; the failure is in the log already. */
  readonly onMessageFailed: () => void;
  readonly onUp: () => void;
  readonly onLost: () => void;
}

/** A dead broker is noticed within 1.5 times this. */
const KEEP_ALIVE_S = 5;
const CONNECT_TIMEOUT_MS = 5_000;
/** How long a clean stop waits for its farewell to be acknowledged. */
const FAREWELL_MS = 1_000;

export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #stopped = new AbortController();
  readonly #ownTopic: string;
  #state: HostState = NEW_HOST;
  #client: MqttClient | null = null;
  #farewell: Promise<void> = Promise.resolve();

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#ownTopic = stateTopic(options.hostId);
  }

  get isUp(): boolean {
    return this.#state.state === 'online';
  }

  start(): void {
    this.#handle({ kind: 'connect-due', atMs: this.#options.clock.nowMs() });
  }

  /** Asks a line to tell everything again; nothing happens while the link is down. */
  askRebirth(site: string, line: string): void {
    if (!this.isUp || this.#client === null) return;
    const payload = encodePayload({
      timestampMs: this.#options.clock.nowMs(),
      metrics: [{ name: REBIRTH_METRIC, type: DATA_TYPE.boolean, value: true }],
    });
    this.#client.publish(nodeTopic('NCMD', site, line), Buffer.from(payload), { qos: 0, retain: false });
  }

  /**
   * @param qos 1: the broker acknowledges; nothing more is said of whoever it is for.
   * @returns false while the link is down: it is not kept for later.
   */
  publish(topic: string, payload: string | Uint8Array, qos: 0 | 1): boolean {
    if (!this.isUp || this.#client === null) return false;
    this.#client.publish(topic, Buffer.from(payload), { qos, retain: false });
    return true;
  }

  /** Says farewell, then disconnects. */
  async stop(): Promise<void> {
    this.#handle({ kind: 'stop', atMs: this.#options.clock.nowMs() });
    this.#stopped.abort();
    await this.#farewell;
  }

  #handle(event: HostEvent): void {
    const { state, effects } = nextHost(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: HostEffect): void {
    const { entropy, onUp, onLost, log } = this.#options;
    switch (effect.kind) {
      case 'open':
        this.#open(effect.willStampMs);
        return;
      case 'subscribe':
        this.#subscribe();
        return;
      case 'publish-state':
        this.#publishState(effect.online, effect.stampMs);
        return;
      case 'up':
        log.info({ hostId: this.#options.hostId }, 'connected to the broker');
        onUp();
        return;
      case 'lost':
        log.warn({}, 'the link to the broker is lost');
        onLost();
        return;
      case 'wait':
        void this.#reconnectAfter(reconnectDelayMs(effect.attempt, entropy.random()));
        return;
      case 'end':
        this.#farewell = this.#endAfterFarewell();
        return;
    }
  }

  async #reconnectAfter(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    if (await slept(clock, waitMs, this.#stopped.signal)) {
      this.#handle({ kind: 'connect-due', atMs: clock.nowMs() });
    }
  }

  #open(willStampMs: number): void {
    const client = connect(this.#options.url, this.#clientOptions(willStampMs));
    this.#client = client;
    client.on('connect', () => {
      // Without this, small packets wait for the acknowledgement of the one before: tens of ms at every hop.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      this.#handle({ kind: 'connected' });
    });
    client.on('message', (topic, payload, packet) => this.#guarded(topic, payload, packet.retain));
    // An error is followed by close, which is handled; here it is only said.
    client.on('error', (error) => this.#options.log.warn({ reason: error.message }, 'broker link error'));
    client.on('close', () => {
      if (this.#client !== client) return;
      this.#client = null;
      client.end(true);
      this.#handle({ kind: 'closed' });
    });
  }

  #clientOptions(willStampMs: number): IClientOptions {
    const { username, password, ca, version, hostId, entropy } = this.#options;
    const suffix = Buffer.from(entropy.bytes(8)).toString('hex');
    return {
      clientId: `trame-host-${hostId}-${suffix}`,
      protocolVersion: version,
      clean: true,
      ...(version === 5 ? { properties: { sessionExpiryInterval: 0 } } : {}),
      keepalive: KEEP_ALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Own back-off, and a new client each time: the will must carry the time of its own CONNECT.
      reconnectPeriod: 0,
      queueQoSZero: false,
      resubscribe: false,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(ca === null ? {} : { ca }),
      will: {
        topic: this.#ownTopic,
        payload: Buffer.from(encodeHostState({ online: false, timestamp: willStampMs })),
        qos: 1,
        retain: true,
      },
    };
  }

  #subscribe(): void {
    const client = this.#client;
    const { subscriptions, log } = this.#options;
    // Each by itself, since one refusal answers for all of a request; before Sparkplug's, whose answer means «up».
    for (const topic of subscriptions) {
      client?.subscribe(topic, { qos: 1 }, (error) => {
        if (error === null || this.#client !== client) return;
        log.error({ topic, reason: error.message }, 'the broker refuses one of our subscriptions');
      });
    }
    client?.subscribe({ [this.#ownTopic]: { qos: 1 }, [HOST_SUBSCRIPTION]: { qos: 1 } }, (error, granted) => {
      const refused = granted?.some(({ qos }) => qos >= 128) ?? false;
      if (error === null && !refused) {
        this.#handle({ kind: 'subscribed' });
        return;
      }
      log.error({ reason: error?.message }, 'the broker refuses our subscriptions');
      client.end(true);
    });
  }

  #publishState(online: boolean, stampMs: number): void {
    const body = encodeHostState({ online, timestamp: stampMs });
    this.#client?.publish(this.#ownTopic, body, { qos: 1, retain: true });
  }

  /** One message that cannot be handled, whoever sent it, must not end the server for all lines. */
  #guarded(topic: string, payload: Uint8Array, retained: boolean): void {
    try {
      this.#onMessage(topic, payload, retained);
    } catch (error) {
      this.#options.log.error({ err: error, topic }, 'a message could not be handled');
      this.#options.onMessageFailed();
    }
  }

  #onMessage(topic: string, payload: Uint8Array, retained: boolean): void {
    if (topic !== this.#ownTopic) {
      this.#options.onMessage(topic, payload, retained);
      return;
    }
    const state = decodeHostState(payload);
    if (state !== null) this.#handle({ kind: 'own-state', online: state.online });
  }

  async #endAfterFarewell(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    const ended = client.endAsync(false);
    const late = new AbortController();
    await Promise.race([ended, slept(this.#options.clock, FAREWELL_MS, late.signal)]);
    late.abort();
    client.end(true);
  }
}
