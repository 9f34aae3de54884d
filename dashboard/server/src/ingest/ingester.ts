/**
 * The shell around the line machines: takes what the broker delivers, and hands what they say to the live
 * picture, the history and the counters.
 */
import type { LineDescription } from '@trame/protocol/line-description';
import { historyQuality } from '@trame/protocol/quality';
import { decodePayload } from '@trame/protocol/sparkplug/payload';
import { parseTopic } from '@trame/protocol/sparkplug/topic';
import { toNumber } from '@trame/protocol/tag';
import { isId } from '@trame/protocol/topics';
import type { Sample } from '../history/history-store.ts';
import type { LivePicture } from '../live/picture.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { repeat } from '../ports/repeat.ts';
import type { Rejection } from './ingest-counter.ts';
import { FOREIGN_SITE_WARNING_MS, LINES_MAX } from './limits.ts';
import {
  nextNode,
  UNKNOWN_NODE,
  type LineMessage,
  type NodeEffect,
  type NodeEvent,
  type NodeState,
} from './node-session.ts';
import type { Reading } from './reading.ts';
import { Strangers } from './strangers.ts';

export interface IngestSinks {
  readonly picture: LivePicture;
  /** The picture changed. */
  readonly pictureChanged: () => void;
  readonly history: (samples: readonly Sample[]) => void;
  /** Whether a line's name is another site's, whatever is online. */
  readonly isForeign: (site: string, line: string) => boolean;
  readonly described: (site: string, line: string, description: LineDescription) => void;
  readonly askRebirth: (site: string, line: string) => void;
  readonly rejected: (rejection: Rejection, count: number) => void;
  readonly received: (type: string) => void;
}

interface Line {
  readonly site: string;
  state: NodeState;
  /** Monotonic ms of the last warning that another site claims the line. */
  warnedMs: number | null;
}

type MessageEvent = Extract<NodeEvent, { kind: 'message' }>;

/** How often waits (missing messages, devices not born again) are looked at. */
const TICK_MS = 250;

export class Ingester {
  readonly #sinks: IngestSinks;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lines = new Map<string, Line>();
  readonly #strangers = new Strangers();
  /** Monotonic ms of the last warning of a foreign site; null: none yet. */
  #foreignWarnedMs: number | null = null;

  constructor(sinks: IngestSinks, clock: Clock, log: Log) {
    this.#sinks = sinks;
    this.#clock = clock;
    this.#log = log;
  }

  /** A line known from an earlier run: it is asked for its birth once the link is up. */
  expect(site: string, line: string): void {
    if (!this.#lines.has(line)) this.#lines.set(line, { site, state: UNKNOWN_NODE, warnedMs: null });
  }

  run(signal: AbortSignal): Promise<void> {
    return repeat(this.#clock, TICK_MS, signal, () => {
      const [atMs, monotonicMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
      this.#toAll({ kind: 'tick', atMs, monotonicMs });
    });
  }

  linkUp(): void {
    this.#toAll({ kind: 'link-up', monotonicMs: this.#clock.monotonicMs() });
  }

  linkLost(): void {
    this.#toAll({ kind: 'link-lost', atMs: this.#clock.nowMs() });
  }

  /** Takes one MQTT message; whatever it holds, it only ever changes figures and counters. */
  message(topic: string, bytes: Uint8Array, retained: boolean): void {
    const parsed = parseTopic(topic);
    if (parsed === null) return this.#reject('topic');
    if (parsed.kind === 'state' || parsed.message === 'NCMD' || parsed.message === 'DCMD') return;
    this.#sinks.received(parsed.message);
    if (retained) return this.#reject('retained');
    const device = parsed.kind === 'device' ? parsed.device : null;
    if (![parsed.group, parsed.node, device ?? parsed.node].every(isId)) return this.#reject('name');
    if (this.#sinks.isForeign(parsed.group, parsed.node))
      return this.#refuseForeign(parsed.group, parsed.node);
    const decoded = decodePayload(bytes);
    if (decoded.kind === 'invalid') return this.#reject('payload');
    const message: LineMessage = {
      type: parsed.message,
      device,
      payload: decoded.payload,
      receivedMs: this.#clock.nowMs(),
    };
    const event = { kind: 'message', message, monotonicMs: this.#clock.monotonicMs() } as const;
    const known = this.#lines.get(parsed.node);
    if (known?.site === parsed.group) this.#step(parsed.node, known, event);
    else this.#fromStranger(parsed.group, parsed.node, known ?? null, event);
    this.#sinks.pictureChanged();
  }

  /**
   * A place among the lines is for life, so only a birth that stands takes one.
   * @param holder the line of this name at another site: it gives way when it is offline, as after a site
   * was renamed.
   */
  #fromStranger(site: string, name: string, holder: Line | null, event: MessageEvent): void {
    if (holder !== null && holder.state.state !== 'offline') return this.#refuse(site, name, holder, event);
    if (holder === null && this.#lines.size >= LINES_MAX) return this.#reject('too-many-lines');
    const { type } = event.message;
    if (type === 'NDEATH') return;
    if (type !== 'NBIRTH') {
      this.#reject('before-birth');
      if (this.#strangers.mayAsk(site, name, event.monotonicMs)) this.#sinks.askRebirth(site, name);
      return;
    }
    const { state, effects } = nextNode(UNKNOWN_NODE, event);
    if (state.state === 'online') {
      if (holder !== null) {
        this.#log.warn({ line: name, site, before: holder.site }, 'line taken over by another site');
      }
      this.#lines.set(name, { site, state, warnedMs: null });
    }
    for (const effect of effects) this.#perform(site, name, effect);
  }

  #refuse(site: string, line: string, holder: Line, { monotonicMs }: MessageEvent): void {
    this.#reject('foreign-site');
    if (holder.warnedMs !== null && monotonicMs - holder.warnedMs < FOREIGN_SITE_WARNING_MS) return;
    holder.warnedMs = monotonicMs;
    this.#log.warn({ line, site, holder: holder.site }, 'line refused: it is online at another site');
  }

  #refuseForeign(site: string, line: string): void {
    this.#reject('foreign-site');
    const monotonicMs = this.#clock.monotonicMs();
    const warnedMs = this.#foreignWarnedMs ?? Number.NEGATIVE_INFINITY;
    if (monotonicMs - warnedMs < FOREIGN_SITE_WARNING_MS) return;
    this.#foreignWarnedMs = monotonicMs;
    this.#log.warn({ line, site }, 'line refused: on this server its name is not of that site');
  }

  #toAll(event: NodeEvent): void {
    for (const [name, line] of this.#lines) this.#step(name, line, event);
    this.#sinks.pictureChanged();
  }

  #step(name: string, line: Line, event: NodeEvent): void {
    const { state, effects } = nextNode(line.state, event);
    line.state = state;
    for (const effect of effects) this.#perform(line.site, name, effect);
  }

  #perform(site: string, line: string, effect: NodeEffect): void {
    const { picture } = this.#sinks;
    switch (effect.kind) {
      case 'line-online':
        this.#log.info({ site, line }, 'line online');
        picture.lineOnline(site, line, effect.atMs, effect.description);
        this.#sinks.described(site, line, effect.description);
        return;
      case 'line-offline':
        this.#log.warn({ site, line }, 'line offline');
        for (const device of Object.keys(picture.line(line)?.devices ?? {})) {
          this.#markGap(site, line, device, effect.atMs);
        }
        picture.lineOffline(line, effect.atMs);
        return;
      case 'device-online':
        picture.deviceOnline(line, effect.device, effect.atMs, effect.readings);
        this.#keep(site, line, effect.device, effect.readings);
        return;
      case 'device-offline':
        this.#log.warn({ site, line, device: effect.device }, 'device offline');
        this.#markGap(site, line, effect.device, effect.atMs);
        picture.deviceOffline(line, effect.device, effect.atMs);
        return;
      case 'readings':
        picture.readings(line, effect.device, effect.atMs, effect.readings);
        this.#keep(site, line, effect.device, effect.readings);
        return;
      case 'historical':
        this.#keep(site, line, effect.device, effect.readings);
        return;
      case 'ask-rebirth':
        this.#sinks.askRebirth(site, line);
        return;
      case 'rejected':
        for (const rejection of effect.rejections) this.#reject(rejection);
        return;
    }
  }

  #keep(site: string, line: string, device: string, readings: readonly Reading[]): void {
    const samples: Sample[] = [];
    for (const reading of readings) {
      if (typeof reading.value === 'string') continue;
      const quality = historyQuality(reading.quality);
      const value = quality === 0 ? null : toNumber(reading.value);
      // Text tags are told from others by their values alone: without one, nothing says it is a number.
      if (value === null && quality !== 0) continue;
      samples.push({
        site,
        line,
        device,
        metric: reading.metric,
        timeMs: reading.sourceTimeMs,
        value,
        quality,
      });
    }
    if (samples.length > 0) this.#sinks.history(samples);
  }

  /** Bad samples where the knowledge ends, so that a silence in the history is told from a steady value. */
  #markGap(site: string, line: string, device: string, timeMs: number): void {
    const known = this.#sinks.picture.line(line)?.devices[device];
    if (known === undefined || known.state === 'offline') return;
    const samples = Object.entries(known.tags)
      .filter(([, tag]) => typeof tag.value === 'number' || typeof tag.value === 'boolean')
      .map(([metric]): Sample => ({ site, line, device, metric, timeMs, value: null, quality: 0 }));
    if (samples.length > 0) this.#sinks.history(samples);
  }

  #reject(rejection: Rejection): void {
    this.#sinks.rejected(rejection, 1);
  }
}
