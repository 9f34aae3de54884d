/** The shell of the edge node: runs the effects of the session machine on a real broker. */
import { encodePayload } from '@trame/protocol/sparkplug/payload';
import type { Sample } from '../domain/tag-state.ts';
import { retryDelayMs } from '../mqtt/backoff.ts';
import { readBrokerAccess } from '../mqtt/broker-access.ts';
import type { InboundMessage } from '../mqtt/inbound-message.ts';
import { linkFault } from '../mqtt/link-fault.ts';
import type { MqttLink } from '../mqtt/mqtt-link.ts';
import { OwnedTasks } from '../mqtt/owned-tasks.ts';
import { slept } from '../ports/slept.ts';
import type { SpoolBatch } from '../ports/spool.ts';
import type { DeviceChange } from '../ports/uplink.ts';
import { AliasBook } from './alias-book.ts';
import { BdSeqKeeper } from './bd-seq-keeper.ts';
import { readInbound } from './inbound.ts';
import { openNodeLink } from './node-link.ts';
import { outgoing, type MessageEffect } from './outgoing.ts';
import { announced } from './payloads.ts';
import { runReplayRounds } from './replay-rounds.ts';
import { newSession, next, type SessionEvent, type SessionState } from './session.ts';
import type { SessionEffect } from './session-effect.ts';
import { SessionStory } from './session-story.ts';
import {
  doubtMsOf,
  MESSAGE_METRICS_MAX,
  UPKEEP_MS,
  WAITING_BYTES_MAX,
  type UplinkOptions,
} from './uplink-options.ts';
import { newUplinkCounts, type UplinkCounts, type UplinkStatus } from './uplink-status.ts';
import { WaitingSamples } from './waiting-samples.ts';

export class SparkplugUplink {
  readonly #counts: UplinkCounts = newUplinkCounts();
  readonly #options: UplinkOptions;
  readonly #aliases = new AliasBook();
  readonly #bdSeqs: BdSeqKeeper;
  readonly #story: SessionStory;
  readonly #waiting: WaitingSamples;
  readonly #lifetime = new AbortController();
  readonly #tasks = new OwnedTasks();
  readonly #events: SessionEvent[] = [];
  #session: SessionState;
  #draining = false;
  #link: MqttLink | null = null;
  #sessions = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#bdSeqs = new BdSeqKeeper(options.bdSeqs, options.log);
    this.#story = new SessionStory(options);
    this.#waiting = new WaitingSamples({
      spool: options.spool,
      clock: options.clock,
      perSecond: options.replayPerSecond,
      doubtMs: doubtMsOf(options.config.keepAliveS),
    });
    this.#session = newSession(options.bdSeqs.lastBdSeq(), options.config.primaryHost !== null);
  }

  get counts(): Readonly<UplinkCounts> {
    return { ...this.#counts, dropped: this.#counts.dropped + this.#waiting.dropped };
  }

  get status(): UplinkStatus {
    const { phase, bdSeq } = this.#session;
    return {
      state: phase.kind,
      reason: this.#story.reason(this.#session),
      sinceMs: this.#story.sinceMs,
      bdSeq: bdSeq < 0 ? null : bdSeq,
      owed: this.#waiting.owed,
    };
  }

  /** Takes what a cycle changed; written to the socket before it returns when there is a session. */
  take(changes: readonly DeviceChange[]): void {
    for (const change of changes) {
      if (change.kind === 'samples') this.#send(change.device, change.samples);
      else this.#dispatch({ kind: `device-${change.kind}`, device: change.device });
    }
  }

  /**
   * Keeps a session with the broker until the signal aborts; then says the node's death and disconnects.
   * Rejects only when an invariant is broken.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.#dispatch({ kind: 'start' });
    try {
      await Promise.race([this.#tasks.broken, Promise.all([this.#upkeepLoop(signal), this.#replay(signal)])]);
    } finally {
      this.#dispatch({ kind: 'stop' });
      this.#lifetime.abort();
      await this.#tasks.settled();
    }
  }

  async #upkeepLoop(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, UPKEEP_MS, signal)) this.#upkeep();
  }

  #replay(signal: AbortSignal): Promise<void> {
    const born = (): ReadonlySet<string> | null => {
      const { phase } = this.#session;
      return phase.kind === 'born' && !phase.rebirthDue ? phase.born : null;
    };
    const rounds = {
      clock: this.#options.clock,
      canSend: () =>
        born() !== null &&
        !this.#waiting.isBehind &&
        (this.#link?.waitingBytes ?? Infinity) < WAITING_BYTES_MAX / 4,
      due: () => this.#waiting.dueAgain(born() ?? new Set()),
      send: (batch: SpoolBatch) => {
        const { sendable, leftOut } = announced(batch.device, batch.samples, this.#aliases);
        this.#waiting.sentAgain(batch, leftOut);
        this.#publishData(batch.device, sendable, true);
      },
    };
    return runReplayRounds(rounds, signal);
  }

  #upkeep(): void {
    const { config, clock } = this.#options;
    const atMs = clock.monotonicMs();
    this.#bdSeqs.retry(atMs);
    const link = this.#link;
    if (link === null) return;
    const fault = linkFault(link, this.#session.phase.kind === 'connecting', config.keepAliveS, atMs);
    if (fault !== null) return link.abandon(fault);
    this.#waiting.settle();
    this.#dispatch({ kind: 'host-recheck', atMs });
    this.#story.waits(this.#session, atMs);
    const { phase } = this.#session;
    if (phase.kind === 'born' && !phase.rebirthDue && link.waitingBytes < WAITING_BYTES_MAX / 2) {
      for (const { device, samples } of this.#waiting.takeHeldBack()) {
        this.#publishData(device, samples, false);
      }
    }
  }

  #send(device: string, samples: readonly Sample[]): void {
    const congested = (this.#link?.waitingBytes ?? 0) > WAITING_BYTES_MAX;
    if (this.#session.phase.kind === 'born' && (congested || this.#waiting.isBehind)) {
      this.#waiting.holdBack(device, samples);
    } else {
      this.#publishData(device, samples, false);
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
        if (before !== step.state.phase.kind) this.#phaseChanged(step.state, head);
        const isAsked = head.kind === 'rebirth-requested' || head.kind === 'rebirth-timer';
        if (isAsked && step.effects.some(({ kind }) => kind === 'nbirth')) this.#counts.rebirths += 1;
        for (const effect of step.effects) this.#perform(effect);
      }
    } finally {
      this.#draining = false;
    }
  }

  #phaseChanged(state: SessionState, event: SessionEvent): void {
    this.#story.changed(state, event);
    if (state.phase.kind !== 'born') return;
    if (this.#sessions > 0) this.#counts.reconnects += 1;
    this.#sessions += 1;
  }

  #perform(effect: SessionEffect): void {
    const { clock, entropy } = this.#options;
    switch (effect.kind) {
      case 'connect':
        return this.#tasks.add(this.#connect(effect.bdSeq));
      case 'retry-later': {
        const delayMs = retryDelayMs(effect.attempt, entropy.random());
        return this.#tasks.add(this.#later(delayMs, () => ({ kind: 'retry' })));
      }
      case 'rebirth-later': {
        const due = (): SessionEvent => ({ kind: 'rebirth-timer', atMs: clock.monotonicMs() });
        return this.#tasks.add(this.#later(effect.delayMs, due));
      }
      case 'disconnect':
        return this.#disconnect(effect.packet);
      case 'unsent':
        // What is sent again is in the spool already.
        return effect.historical ? undefined : this.#waiting.unsent(effect.device, effect.samples);
      case 'nbirth':
      case 'dbirth':
      case 'ddeath':
      case 'ddata':
      case 'ndeath':
        return this.#publish(effect);
      default:
        effect satisfies never;
    }
  }

  #publish(effect: MessageEffect): void {
    const { clock } = this.#options;
    if (effect.kind === 'nbirth') this.#waiting.told(null);
    if (effect.kind === 'dbirth' || effect.kind === 'ddeath') this.#waiting.told(effect.device);
    const message = outgoing(effect, { ...this.#options, aliases: this.#aliases }, clock.nowMs());
    const isSent = this.#link?.publish(message.topic, encodePayload(message.payload)) === true;
    if (isSent) {
      this.#counts.messages += 1;
      this.#counts.metrics += message.payload.metrics.length;
    }
    if (effect.kind !== 'ddata') return;
    this.#counts.dropped += effect.samples.length - message.payload.metrics.length;
    // Kept even when the socket is already gone: the end of the session makes them owed.
    if (!effect.historical) this.#waiting.sent(effect.device, effect.samples);
    else if (isSent) this.#counts.resent += effect.samples.length;
  }

  async #connect(bdSeq: number): Promise<void> {
    const { config, clock, log } = this.#options;
    this.#bdSeqs.keep(bdSeq, clock.monotonicMs());
    const reading = await readBrokerAccess(config);
    if (this.#session.phase.kind !== 'connecting') return;
    if (reading.kind === 'unreadable') return this.#ended(reading.reason);
    try {
      this.#link = openNodeLink(
        { ...this.#options, bdSeq, access: reading.access },
        {
          ready: () => this.#dispatch({ kind: 'connected', atMs: clock.monotonicMs() }),
          message: (message) => this.#received(message),
          refused: (topic, reason) => log.warn({ topic, reason }, 'the broker refuses a subscription'),
          closed: ({ reason, heldMs }) => this.#ended(reason, heldMs),
        },
      );
    } catch (error) {
      this.#ended(messageOf(error));
    }
  }

  /** The connection, or the attempt at one, ended by itself. */
  #ended(cause: string, heldMs: number | null = null): void {
    if (this.#session.phase.kind === 'connecting') this.#counts.failedConnects += 1;
    this.#story.ended(cause, heldMs);
    this.#link = null;
    this.#waiting.sessionLost();
    this.#dispatch({ kind: 'closed', atMs: this.#options.clock.monotonicMs() });
  }

  #disconnect(withPacket: boolean): void {
    const link = this.#link;
    this.#link = null;
    this.#waiting.sessionLost();
    if (link !== null) this.#tasks.add(link.end(withPacket));
  }

  #received(message: InboundMessage): void {
    const { config, clock } = this.#options;
    const inbound = readInbound(message, config.primaryHost);
    const atMs = clock.monotonicMs();
    switch (inbound.kind) {
      case 'invalid':
        this.#counts.invalidMessages += 1;
        return;
      case 'refused-command':
        this.#counts.refusedCommands += 1;
        return;
      case 'command':
        this.#counts.ignoredWrites += inbound.ignoredWrites;
        if (!inbound.rebirth) return;
        this.#counts.rebirthRequests += 1;
        return this.#dispatch({ kind: 'rebirth-requested', atMs });
      case 'host-state':
        return this.#dispatch({ ...inbound, nowMs: clock.nowMs(), atMs });
      default:
        inbound satisfies never;
    }
  }

  async #later(delayMs: number, event: () => SessionEvent): Promise<void> {
    if (await slept(this.#options.clock, delayMs, this.#lifetime.signal)) this.#dispatch(event());
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
