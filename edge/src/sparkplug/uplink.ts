/** The shell of the edge node: runs the effects of the session machine on a real broker. */
import { decodeHostState } from '@trame/protocol/sparkplug/host-state';
import { encodePayload, type OutPayload } from '@trame/protocol/sparkplug/payload';
import { deviceTopic, nodeTopic, parseTopic, stateTopic } from '@trame/protocol/sparkplug/topic';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { BdSeqStore } from '../ports/bd-seq-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { BirthSource, DeviceChange } from '../ports/uplink.ts';
import { AliasBook } from './alias-book.ts';
import { Backlog } from './backlog.ts';
import { retryDelayMs } from './backoff.ts';
import { readBrokerAccess, type BrokerAccess } from './broker-access.ts';
import { readDeviceCommand, readNodeCommand, type CommandReading } from './commands.ts';
import { MqttLink } from './mqtt-link.ts';
import {
  deviceBirth,
  deviceData,
  deviceDeath,
  nodeBirth,
  nodeDeath,
  type NodeFacts,
} from './payloads.ts';
import { RecentSamples } from './recent-samples.ts';
import {
  HOST_RECHECK_MS,
  newSession,
  next,
  type Phase,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from './session.ts';
import { newUplinkCounts, type UplinkCounts } from './uplink-counts.ts';

export interface UplinkOptions {
  readonly site: string;
  readonly line: string;
  readonly config: UplinkConfig;
  readonly facts: NodeFacts;
  readonly births: BirthSource;
  readonly bdSeqs: BdSeqStore;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface UplinkStatus {
  readonly state: Phase['kind'];
  /** Why the last connection ended or the last attempt failed; null when there is none to tell. */
  readonly reason: string | null;
  /** UTC ms since which it is in that state. */
  readonly sinceMs: number;
  readonly bdSeq: number | null;
}

/** Metrics in one data message. */
export const MESSAGE_METRICS_MAX = 500;
/** Bytes that the socket may hold back before samples wait, latest first, instead of being written. */
export const WAITING_BYTES_MAX = 1024 * 1024;
/** How often waiting samples, watchdogs and owed samples are looked after, ms. */
const UPKEEP_MS = 100;
/** Owed samples sent in one upkeep: the present comes first. */
const RESEND_SAMPLES = 1000;
/** Longest way from CONNECT to the last subscription, ms. */
const CONNECT_DEADLINE_MS = 10_000;

export class SparkplugUplink {
  readonly counts: UplinkCounts = newUplinkCounts();
  readonly #options: UplinkOptions;
  readonly #aliases = new AliasBook();
  readonly #backlog = new Backlog();
  readonly #recent: RecentSamples;
  readonly #lifetime = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #broken = Promise.withResolvers<never>();
  #session: SessionState;
  #events: SessionEvent[] = [];
  #draining = false;
  #link: MqttLink | null = null;
  #sessions = 0;
  #reason: string | null = null;
  #sinceMs: number;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#recent = new RecentSamples(2 * options.config.keepAliveS * 1000);
    this.#session = newSession(options.bdSeqs.lastBdSeq(), options.config.primaryHost !== null);
    this.#sinceMs = options.clock.nowMs();
  }

  get status(): UplinkStatus {
    const { phase, bdSeq } = this.#session;
    return {
      state: phase.kind,
      reason: this.#reason,
      sinceMs: this.#sinceMs,
      bdSeq: bdSeq < 0 ? null : bdSeq,
    };
  }

  /** Samples that wait to be sent again as historical. */
  get owed(): number {
    return this.#recent.owed;
  }

  /** Takes what a cycle changed; publishes it before it returns when there is a session. */
  take(changes: readonly DeviceChange[]): void {
    for (const change of changes) {
      switch (change.kind) {
        case 'online':
          this.#dispatch({ kind: 'device-online', device: change.device });
          break;
        case 'offline':
          this.#dispatch({ kind: 'device-offline', device: change.device });
          break;
        case 'samples':
          this.#send(change.device, change.samples, false);
      }
    }
  }

  /**
   * Keeps a session with the broker until the signal aborts; then says the node's death and disconnects.
   * Rejects only when an invariant is broken.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.#dispatch({ kind: 'start' });
    try {
      await Promise.race([this.#broken.promise, this.#upkeepLoop(signal)]);
    } finally {
      this.#dispatch({ kind: 'stop' });
      this.#lifetime.abort();
      await Promise.all(this.#tasks);
    }
  }

  async #upkeepLoop(signal: AbortSignal): Promise<void> {
    while (await this.#sleep(UPKEEP_MS, signal)) this.#upkeep();
  }

  #upkeep(): void {
    const { config, clock } = this.#options;
    const { phase, host } = this.#session;
    const atMs = clock.monotonicMs();
    const link = this.#link;
    if (link === null) return;
    if (phase.kind === 'connecting' && atMs - link.openedAtMs > CONNECT_DEADLINE_MS) {
      link.abandon('the broker did not answer');
    } else if (atMs - link.lastPacketAtMs > 2 * config.keepAliveS * 1000) {
      link.abandon(`the broker was not heard for ${2 * config.keepAliveS} s`);
    } else if (phase.kind === 'waiting-for-host') {
      if (host?.refused === true && atMs - phase.sinceMs > HOST_RECHECK_MS) {
        this.#dispatch({ kind: 'host-recheck' });
      }
    } else if (phase.kind === 'born' && !phase.rebirthDue && link.waitingBytes < WAITING_BYTES_MAX / 2) {
      for (const { device, samples } of this.#backlog.takeAll()) this.#publishData(device, samples, false);
      for (const [device, samples] of this.#recent.takeOwed(RESEND_SAMPLES)) {
        this.counts.resent += samples.length;
        this.#publishData(device, samples, true);
      }
    }
  }

  #send(device: string, samples: readonly Sample[], historical: boolean): void {
    const congested = (this.#link?.waitingBytes ?? 0) > WAITING_BYTES_MAX;
    if (this.#session.phase.kind === 'born' && (congested || !this.#backlog.isEmpty)) {
      this.counts.dropped += this.#backlog.add(device, samples);
    } else {
      this.#publishData(device, samples, historical);
    }
  }

  #publishData(device: string, samples: readonly Sample[], historical: boolean): void {
    for (let from = 0; from < samples.length; from += MESSAGE_METRICS_MAX) {
      const part = samples.slice(from, from + MESSAGE_METRICS_MAX);
      this.#dispatch({ kind: 'data', device, samples: part, historical });
    }
  }

  /** Effects may cause events; these wait until all effects of the present one have run. */
  #dispatch(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let head = this.#events.shift(); head !== undefined; head = this.#events.shift()) {
        const before = this.#session.phase.kind;
        const step = next(this.#session, head);
        this.#session = step.state;
        if (before !== step.state.phase.kind) this.#phaseChanged(step.state.phase.kind);
        for (const effect of step.effects) this.#perform(effect);
      }
    } finally {
      this.#draining = false;
    }
  }

  #phaseChanged(phase: Phase['kind']): void {
    this.#sinceMs = this.#options.clock.nowMs();
    if (phase === 'waiting-for-host') {
      this.#options.log.info({ host: this.#options.config.primaryHost }, 'waiting for the primary host');
    } else if (phase === 'born') {
      this.#reason = null;
      if (this.#sessions > 0) this.counts.reconnects += 1;
      this.#sessions += 1;
      this.#options.log.info({ bdSeq: this.#session.bdSeq }, 'publishing to the broker');
    }
  }

  #perform(effect: SessionEffect): void {
    const { site, line, facts, births, clock, entropy } = this.#options;
    const nowMs = clock.nowMs();
    switch (effect.kind) {
      case 'connect':
        return this.#own(this.#connect(effect.bdSeq));
      case 'retry-later':
        return this.#own(this.#later(retryDelayMs(effect.attempt, entropy.random()), () => ({ kind: 'retry' })));
      case 'rebirth-later':
        return this.#own(
          this.#later(effect.delayMs, () => ({ kind: 'rebirth-timer', atMs: clock.monotonicMs() })),
        );
      case 'nbirth':
        this.counts.dropped += this.#backlog.clear();
        return this.#publish(
          nodeTopic('NBIRTH', site, line),
          nodeBirth(facts, effect.bdSeq, effect.seq, nowMs),
        );
      case 'dbirth':
        this.counts.dropped += this.#backlog.forget(effect.device);
        return this.#publish(
          deviceTopic('DBIRTH', site, line, effect.device),
          deviceBirth(effect.device, births.device(effect.device) ?? [], this.#aliases, effect.seq, nowMs),
        );
      case 'ddeath':
        this.counts.dropped += this.#backlog.forget(effect.device);
        return this.#publish(deviceTopic('DDEATH', site, line, effect.device), deviceDeath(effect.seq, nowMs));
      case 'ddata':
        return this.#publishSamples(effect, nowMs);
      case 'ndeath':
        return this.#publish(nodeTopic('NDEATH', site, line), nodeDeath(effect.bdSeq, nowMs));
      case 'disconnect':
        return this.#disconnect(effect.packet);
      case 'unsent':
        if (effect.historical) this.counts.dropped += effect.samples.length;
        else this.counts.dropped += this.#recent.unsent(effect.device, effect.samples, clock.monotonicMs());
        return;
      default:
        effect satisfies never;
    }
  }

  #publishSamples(effect: Extract<SessionEffect, { kind: 'ddata' }>, nowMs: number): void {
    const { site, line, clock } = this.#options;
    const { device, samples, historical, seq } = effect;
    this.#publish(
      deviceTopic('DDATA', site, line, device),
      deviceData(device, samples, this.#aliases, { seq, historical, nowMs }),
    );
    // Kept even when the socket is already gone: the end of the session makes them owed.
    if (!historical) this.#recent.sent(device, samples, clock.monotonicMs());
  }

  #publish(topic: string, payload: OutPayload): void {
    if (this.#link?.publish(topic, encodePayload(payload)) !== true) return;
    this.counts.messages += 1;
    this.counts.metrics += payload.metrics.length;
  }

  async #connect(bdSeq: number): Promise<void> {
    const { config, bdSeqs } = this.#options;
    try {
      bdSeqs.keepBdSeq(bdSeq);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#connectionEnded(`the session number cannot be kept on disk: ${reason}`);
    }
    const reading = await readBrokerAccess(config);
    if (this.#session.phase.kind !== 'connecting') return;
    if (reading.kind === 'unreadable') return this.#connectionEnded(reading.reason);
    try {
      this.#link = this.#openLink(bdSeq, reading.access);
    } catch (error) {
      this.#connectionEnded(error instanceof Error ? error.message : String(error));
    }
  }

  #openLink(bdSeq: number, access: BrokerAccess): MqttLink {
    const { site, line, config, clock } = this.#options;
    const host = config.primaryHost === null ? [] : [stateTopic(config.primaryHost)];
    return new MqttLink(
      {
        config,
        access,
        // The same at every attempt: the broker then ends a half-open predecessor at once.
        clientId: `trame-edge-${site}-${line}`,
        will: {
          topic: nodeTopic('NDEATH', site, line),
          payload: encodePayload(nodeDeath(bdSeq, clock.nowMs())),
        },
        subscriptions: [nodeTopic('NCMD', site, line), ...host],
        optionalSubscriptions: [deviceTopic('DCMD', site, line, '+')],
        clock,
      },
      {
        ready: () => this.#dispatch({ kind: 'connected', atMs: clock.monotonicMs() }),
        message: (topic, payload) => this.#received(topic, payload),
        refused: (topic, reason) =>
          this.#options.log.warn({ topic, reason }, 'the broker refuses a subscription'),
        closed: (reason) => this.#connectionEnded(reason),
      },
    );
  }

  #connectionEnded(reason: string): void {
    const { log, config, clock } = this.#options;
    const { phase } = this.#session;
    if (phase.kind === 'connecting') this.counts.failedConnects += 1;
    // Every few seconds for as long as a broker is away: told once, and again when the reason changes.
    if (reason !== this.#reason) log.warn({ broker: config.url, reason }, 'no connection to the broker');
    this.#reason = reason;
    this.#link = null;
    this.#keepUnsent();
    this.#dispatch({ kind: 'closed', atMs: clock.monotonicMs() });
  }

  #disconnect(withPacket: boolean): void {
    const link = this.#link;
    this.#link = null;
    this.#keepUnsent();
    if (link !== null) this.#own(link.end(withPacket));
  }

  #keepUnsent(): void {
    const atMs = this.#options.clock.monotonicMs();
    this.counts.dropped += this.#recent.sessionLost(atMs);
    for (const { device, samples } of this.#backlog.takeAll()) {
      this.counts.dropped += this.#recent.unsent(device, samples, atMs);
    }
  }

  #received(topic: string, payload: Uint8Array): void {
    const parsed = parseTopic(topic);
    if (parsed?.kind === 'state') return this.#hostState(payload);
    if (parsed?.message === 'NCMD') return this.#command(readNodeCommand(payload));
    if (parsed?.message === 'DCMD') return this.#command(readDeviceCommand(payload));
    this.counts.invalidMessages += 1;
  }

  #hostState(payload: Uint8Array): void {
    const state = decodeHostState(payload);
    if (state === null) {
      this.counts.invalidMessages += 1;
      return;
    }
    const { online, timestamp } = state;
    const before = this.#session.phase.kind;
    const atMs = this.#options.clock.monotonicMs();
    this.#dispatch({ kind: 'host-state', online, timestampMs: timestamp, atMs });
    if (before === 'born' && this.#session.phase.kind !== 'born') {
      this.#reason = 'the primary host is offline';
      this.#options.log.warn({ host: this.#options.config.primaryHost }, 'the primary host went offline');
    }
  }

  #command(reading: CommandReading): void {
    if (reading.kind === 'invalid') {
      this.counts.invalidMessages += 1;
      return;
    }
    this.counts.ignoredWrites += reading.ignoredWrites;
    if (!reading.rebirth) return;
    this.counts.rebirths += 1;
    this.#dispatch({ kind: 'rebirth-requested', atMs: this.#options.clock.monotonicMs() });
  }

  async #later(delayMs: number, event: () => SessionEvent): Promise<void> {
    if (await this.#sleep(delayMs, this.#lifetime.signal)) this.#dispatch(event());
  }

  /** Every task of the uplink is awaited before {@link run} ends; one that rejects ends it. */
  #own(task: Promise<void>): void {
    const owned = task
      .catch((error: unknown) => this.#broken.reject(error))
      .finally(() => this.#tasks.delete(owned));
    this.#tasks.add(owned);
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.clock.sleep(ms, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}
