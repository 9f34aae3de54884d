/** One device on its link: what it wants to be asked, and what its answers mean. */
import { bad } from '@trame/protocol/quality';
import type { ModbusDeviceConfig, ModbusTag } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import { isScaled } from '../domain/scale-value.ts';
import type { DeviceIncident, DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import type { ReadOutcome } from './connection.ts';
import { decodeAnswer } from './decode.ts';
import { planReads, tagsOf, type ReadRequest } from './plan-reads.ts';
import {
  beginRound,
  rejoin,
  served,
  startRounds,
  takeAnswer,
  takeRefusal,
  waitingSinceMs,
  type PollRounds,
} from './poll-rounds.ts';
import { nextHealth, UNKNOWN_HEALTH, type HealthEvent, type UnitHealth } from './unit-health.ts';

/** «MODBUS Application Protocol» 1.1b3 §7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target does not respond',
};
/** Refusals that a shorter or other span of addresses may not meet. */
const ADDRESS_EXCEPTIONS = [2, 3];
/** The device is there but has no time: the values keep their age. */
const BUSY_EXCEPTIONS = [5, 6];
/** A gateway speaks for a unit that does not. */
const GATEWAY_EXCEPTIONS = [10, 11];

interface PollerOptions {
  readonly sink: DeviceSink;
  readonly log: Log;
  readonly startMs: number;
}

export class UnitPoller {
  readonly device: ModbusDeviceConfig;
  readonly #sink: DeviceSink;
  readonly #log: Log;
  readonly #refusedTags = new Set<string>();
  #groups: readonly PollRounds[];
  #health: UnitHealth = UNKNOWN_HEALTH;
  #quietUntilMs = 0;

  constructor(device: ModbusDeviceConfig, { sink, log, startMs }: PollerOptions) {
    this.device = device;
    this.#sink = sink;
    this.#log = log;
    this.#groups = device.groups.map((group) =>
      startRounds(planReads(group.tags, device.limits), group.everyMs, startMs),
    );
  }

  /** Monotonic time at which this device next wants the link, ms; may be past. */
  get wantedAtMs(): number {
    const dueMs = Math.min(...this.#groups.map((group) => group.dueMs));
    return Math.max(dueMs, this.#health.retryAtMs, this.#quietUntilMs);
  }

  /** Since when it waits for the link, ms: the link serves first who has waited longest. */
  waitingSinceMs(nowMs: number): number {
    const due = this.#groups.filter((group) => group.dueMs <= nowMs);
    return Math.min(...due.map((group) => waitingSinceMs(group, nowMs)));
  }

  /** @returns what to ask now, or null when all that is due turned out to be refused for now. */
  nextRead(nowMs: number): { readonly group: number; readonly request: ReadRequest } | null {
    const group = this.#longestWaiting(nowMs);
    const rounds = this.#groups[group];
    if (rounds === undefined) return null;
    if (rounds.left.length === 0) {
      const begun = beginRound(rounds, nowMs);
      this.#set(group, begun.rounds);
      this.#tellRefused(begun.refused);
    }
    this.#replace(group, (present) => served(present, nowMs));
    const request = this.#groups[group]?.left[0]?.request;
    return request === undefined ? null : { group, request };
  }

  /** @param isShared whether other devices wait for the link. */
  take(
    asked: { group: number; request: ReadRequest },
    outcome: ReadOutcome,
    nowMs: number,
    isShared: boolean,
  ): void {
    this.#quietUntilMs = nowMs + this.device.limits.pauseMs;
    const name = linkName(this.device.link);
    switch (outcome.kind) {
      case 'data':
        this.#become({ kind: 'answered' });
        this.#replace(asked.group, (rounds) => takeAnswer(rounds, nowMs));
        this.#tell(asked.request, decodeAnswer(asked.request, outcome.data));
        return;
      case 'exception':
        this.#takeException(asked, outcome.code, nowMs, isShared);
        return;
      case 'timeout':
        this.#incident('timeout', { register: asked.request.register, address: asked.request.address });
        this.#beSilent(`did not answer within ${this.device.limits.timeoutMs} ms`, nowMs, isShared);
        return;
      case 'invalid':
        this.#incident('invalid-answer', { reason: outcome.reason });
        this.#beSilent(outcome.reason, nowMs, isShared);
        return;
      case 'lost':
        this.#incident('connection-lost', { reason: outcome.reason });
        this.#become({ kind: 'cut', reason: `${name} ${outcome.reason}` });
    }
  }

  /** The link could not be opened. */
  linkFailed(reason: string): void {
    this.#incident('connect-failed', { reason });
    this.#become({ kind: 'unreachable', reason });
  }

  /** The link is open again after it could not be opened. */
  linkOpened(): void {
    this.#become({ kind: 'reachable' });
  }

  #takeException(
    asked: { group: number; request: ReadRequest },
    code: number,
    nowMs: number,
    isShared: boolean,
  ): void {
    const meaning = EXCEPTIONS[code] ?? 'unknown exception';
    const { register, address, count } = asked.request;
    this.#incident('exception', { code, meaning, register, address, count });
    if (GATEWAY_EXCEPTIONS.includes(code)) {
      this.#beSilent(`does not answer its gateway (${meaning})`, nowMs, isShared);
      return;
    }
    this.#become({ kind: 'answered' });
    if (ADDRESS_EXCEPTIONS.includes(code)) {
      const rounds = this.#groups[asked.group];
      if (rounds === undefined) return;
      const { rounds: after, refused } = takeRefusal(rounds, nowMs);
      this.#set(asked.group, after);
      if (refused !== null) this.#tellRefused([refused], meaning);
      return;
    }
    this.#replace(asked.group, (rounds) => takeAnswer(rounds, nowMs));
    if (!BUSY_EXCEPTIONS.includes(code)) this.#tellRefused([asked.request], meaning);
  }

  #beSilent(what: string, nowMs: number, isShared: boolean): void {
    const { link, unit, limits } = this.device;
    this.#become({
      kind: 'silent',
      reason: `${linkName(link)} unit ${unit} ${what}`,
      nowMs,
      isShared,
      // RTU frames carry no number: an answer that is late must not meet the next request.
      leaveAloneMs: link.kind === 'tcp' ? 0 : limits.timeoutMs,
    });
  }

  #become(event: HealthEvent): void {
    const { health, effect } = nextHealth(this.#health, event);
    this.#health = health;
    switch (effect.kind) {
      case 'none':
        return;
      case 'online':
        this.#log.info({ device: this.device.id, link: linkName(this.device.link) }, 'modbus device answers');
        this.#sink.online(this.device.id, definitionsOf(this.device));
        return;
      case 'offline':
        this.#log.warn({ device: this.device.id, reason: effect.reason }, 'modbus device is offline');
        this.#refusedTags.clear();
        this.#groups = this.#groups.map(rejoin);
        this.#sink.offline(this.device.id, effect.reason);
    }
  }

  #tell(request: ReadRequest, readings: readonly Reading[]): void {
    for (const { quality } of readings) {
      if (quality.level === 'bad') this.#incident('bad-value', { address: request.address });
    }
    for (const tag of tagsOf(request)) this.#refusedTags.delete(tag.name);
    this.#sink.readings(this.device.id, readings);
  }

  #tellRefused(requests: readonly ReadRequest[], meaning?: string): void {
    const tags = requests.flatMap(tagsOf);
    if (tags.length === 0) return;
    const news = tags.filter((tag) => !this.#refusedTags.has(tag.name));
    for (const tag of news) {
      this.#refusedTags.add(tag.name);
      const { name, register, address } = tag;
      this.#log.warn(
        { device: this.device.id, tag: name, register, address, meaning },
        'modbus device refuses a tag',
      );
    }
    this.#sink.readings(this.device.id, tags.map(refusedReading));
  }

  #incident(kind: DeviceIncident, fields: object): void {
    this.#log.debug({ device: this.device.id, kind, ...fields }, 'modbus incident');
    this.#sink.incident(this.device.id, kind);
  }

  /** @returns the index of the group to serve, or -1 when none is due. */
  #longestWaiting(nowMs: number): number {
    let best = -1;
    let bestSinceMs = Number.POSITIVE_INFINITY;
    this.#groups.forEach((group, index) => {
      const sinceMs = waitingSinceMs(group, nowMs);
      if (group.dueMs > nowMs || sinceMs >= bestSinceMs) return;
      best = index;
      bestSinceMs = sinceMs;
    });
    return best;
  }

  #replace(group: number, change: (rounds: PollRounds) => PollRounds): void {
    const rounds = this.#groups[group];
    if (rounds !== undefined) this.#set(group, change(rounds));
  }

  #set(group: number, rounds: PollRounds): void {
    this.#groups = this.#groups.with(group, rounds);
  }
}

/** @returns what the device's tags are to those who read them: scaled tags are float64. */
function definitionsOf(device: ModbusDeviceConfig): TagDefinition[] {
  return device.groups.flatMap((group) =>
    group.tags.map((tag) => ({
      name: tag.name,
      type: isScaled(tag) ? ('float64' as const) : tag.type,
      unit: tag.unit,
      deadband: tag.deadband,
      range: tag.range,
      staleAfterMs: group.staleAfterMs,
    })),
  );
}

function refusedReading(tag: ModbusTag): Reading {
  return { tag: tag.name, value: null, quality: bad('refused'), sourceTimeMs: null };
}
