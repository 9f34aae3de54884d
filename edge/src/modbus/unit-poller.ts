/** One device on its link: what it wants to be asked, and what its answers mean. */
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import type { Asked } from './asked.ts';
import type { NoAnswer, ReadOutcome, WriteAnswer } from './connection.ts';
import { decodeAnswer } from './decode.ts';
import { concernOf, meaningOf } from './exception-code.ts';
import { planReads, type ReadRequest } from './plan-reads.ts';
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
import { attemptPauseMs, nextAttempt, takeSilence, takeVoice } from './silent-reads.ts';
import { nextHealth, UNKNOWN_HEALTH, type HealthEvent, type UnitHealth } from './unit-health.ts';
import { UnitReport } from './unit-report.ts';
import { remember, signOfLife, type Witnesses } from './witnesses.ts';

/** A request that got no answer once is asked again after this long: a disturbance, or haste, may be over. */
const SECOND_CHANCE_MS = 500;

interface PollerOptions {
  readonly sink: DeviceSink;
  readonly log: Log;
  readonly startMs: number;
}

/** A request without an answer: that of its address, or of the whole device? The next answer tells. */
interface Doubt {
  readonly group: number;
  readonly request: ReadRequest;
  readonly what: string;
}

export class UnitPoller {
  readonly device: ModbusDeviceConfig;
  readonly #report: UnitReport;
  #groups: readonly PollRounds[];
  #health: UnitHealth = UNKNOWN_HEALTH;
  #witnesses: Witnesses = [];
  #doubt: Doubt | null = null;
  /** Attempts in a row at what the device is silent on that were in vain. */
  #vainAttempts = 0;
  #attemptsFromMs = 0;
  #askedMs = 0;
  #quietUntilMs = 0;

  constructor(device: ModbusDeviceConfig, { sink, log, startMs }: PollerOptions) {
    this.device = device;
    this.#report = new UnitReport(device, sink, log);
    this.#groups = device.groups.map((group) =>
      startRounds(planReads(group.tags, device.limits), group.everyMs, startMs),
    );
  }

  /** Monotonic time at which this device next wants the link, ms; may be past. */
  get wantedAtMs(): number {
    const dueMs = Math.min(this.#attemptMs, ...this.#groups.map((group) => group.dueMs));
    return Math.max(this.#isSought ? 0 : dueMs, this.#health.retryAtMs, this.#quietUntilMs);
  }

  /** Since when it waits for the link, ms: the link serves first who has waited longest. */
  waitingSinceMs(nowMs: number): number {
    if (this.#isSought) return Math.max(this.#health.retryAtMs, this.#askedMs);
    const due = this.#groups.filter((group) => group.dueMs <= nowMs);
    return Math.min(this.#attemptMs, ...due.map((group) => waitingSinceMs(group, nowMs)));
  }

  /** @returns what to ask now, or null when all that is due turned out to be refused for now. */
  nextRead(nowMs: number): Asked | null {
    this.#askedMs = nowMs;
    const sign = this.#health.failures > 0 ? this.#signOfLife(this.#health.failures) : null;
    if (sign !== null) return { kind: 'sign', request: sign };
    const group = this.#longestWaiting(nowMs);
    const rounds = this.#groups[group];
    const attempt = nextAttempt(this.#groups);
    const attemptMs = this.#attemptMs;
    const isAttemptFirst = rounds === undefined || attemptMs < waitingSinceMs(rounds, nowMs);
    if (attempt !== null && attemptMs <= nowMs && isAttemptFirst) return { kind: 'attempt', ...attempt };
    if (rounds !== undefined) return this.#nextOfRound(group, rounds, nowMs);
    const any = this.#isSought ? this.#anyRequest() : undefined;
    return any === undefined ? null : { kind: 'sign', request: any };
  }

  /** @param devices that share the link, this one included. */
  take(asked: Asked, outcome: ReadOutcome, nowMs: number, devices: number): void {
    this.#quietUntilMs = nowMs + this.device.limits.pauseMs;
    switch (outcome.kind) {
      case 'data':
        this.#answered(asked.request);
        if (asked.kind === 'round') this.#replace(asked.group, (rounds) => takeAnswer(rounds, nowMs));
        if (asked.kind === 'attempt') this.#takeBack(asked.group, asked.request);
        this.#report.readings(asked.request, decodeAnswer(asked.request, outcome.data));
        this.#settleDoubt(asked.request, nowMs, devices);
        return;
      case 'exception':
        this.#takeException(asked, outcome.code, nowMs, devices);
        return;
      case 'timeout':
      case 'invalid':
      case 'lost':
        this.#takeNoAnswer(asked, outcome, nowMs, devices);
    }
  }

  /** Whether a request went unanswered since the last answer: what comes next is to find out whether the unit is there. */
  get isDoubtful(): boolean {
    return this.#health.failures > 0;
  }

  /** Monotonic time before which the unit wants its rest, ms. */
  get quietUntilMs(): number {
    return this.#quietUntilMs;
  }

  /** @returns why nothing can be written now, for a person; null when it can. */
  get writeRefusal(): string | null {
    const { state, failures } = this.#health;
    if (state !== 'online') return WRITE_WORDS.notConnected(this.device.id);
    return failures > 1 ? WRITE_WORDS.notAnswering(this.device.id) : null;
  }

  /** What became of a request of another kind, for what it tells of the unit: whether it is there. */
  heard(outcome: ReadOutcome | WriteAnswer, nowMs: number, devices: number): void {
    this.#quietUntilMs = nowMs + this.device.limits.pauseMs;
    switch (outcome.kind) {
      case 'data':
      case 'echoed':
        this.#become({ kind: 'answered' });
        return;
      case 'exception': {
        const meaning = meaningOf(outcome.code);
        this.#report.incident('exception', { code: outcome.code, meaning });
        if (concernOf(outcome.code) !== 'gateway') this.#become({ kind: 'answered' });
        else this.#beSilent(null, `does not answer its gateway (${meaning})`, nowMs, devices);
        return;
      }
      case 'timeout':
      case 'invalid':
      case 'lost':
        this.#takeNoAnswer(null, outcome, nowMs, devices);
    }
  }

  /** The link could not be opened. */
  linkFailed(reason: string): void {
    this.#report.incident('connect-failed', { reason });
    this.#become({ kind: 'unreachable', reason });
  }

  /** The link is open again after it could not be opened. */
  linkOpened(): void {
    this.#become({ kind: 'reachable' });
  }

  /** Whether the device itself has to be found, whatever is due. */
  get #isSought(): boolean {
    const isMissed = this.#health.failures > 0 || this.#health.state === 'offline';
    return isMissed && this.#anyRequest() !== undefined;
  }

  /** When something that the device is silent on is asked again, ms; infinite when there is nothing. */
  get #attemptMs(): number {
    return Math.max(nextAttempt(this.#groups)?.askMs ?? Number.POSITIVE_INFINITY, this.#attemptsFromMs);
  }

  #nextOfRound(group: number, rounds: PollRounds, nowMs: number): Asked | null {
    if (rounds.left.length === 0) {
      const begun = beginRound(rounds, nowMs);
      this.#set(group, begun.rounds);
      this.#report.refused(begun.refused);
    }
    this.#replace(group, (present) => served(present, nowMs));
    const request = this.#groups[group]?.left[0]?.request;
    return request === undefined ? null : { kind: 'round', group, request };
  }

  #signOfLife(failures: number): ReadRequest | null {
    const all = this.#health.state === 'online' ? null : this.#groups.flatMap(({ whole }) => whole);
    return signOfLife(this.#witnesses, failures, this.#doubt?.request ?? null, all);
  }

  #anyRequest(): ReadRequest | undefined {
    return this.#witnesses[0] ?? this.#groups.find(({ whole }) => whole.length > 0)?.whole[0];
  }

  #takeException(asked: Asked, code: number, nowMs: number, devices: number): void {
    const meaning = meaningOf(code);
    const { register, address, count } = asked.request;
    this.#report.incident('exception', { code, meaning, register, address, count });
    const concern = concernOf(code);
    if (concern === 'gateway') {
      this.#beSilent(asked, `does not answer its gateway (${meaning})`, nowMs, devices);
      return;
    }
    this.#answered(asked.request);
    if (asked.kind === 'round' && concern === 'addresses') {
      this.#takeRefusal(asked.group, meaning, nowMs);
    } else if (asked.kind === 'round') {
      this.#replace(asked.group, (rounds) => takeAnswer(rounds, nowMs));
      if (concern === 'request') this.#report.refused([asked.request], meaning);
    } else if (asked.kind === 'attempt') {
      this.#takeBack(asked.group, asked.request);
    }
    this.#settleDoubt(asked.request, nowMs, devices);
  }

  /** @param asked null: it was no read of tags, so no address of theirs is blamed. */
  #takeNoAnswer(asked: Asked | null, failure: NoAnswer, nowMs: number, devices: number): void {
    const { register, address } = asked?.request ?? {};
    switch (failure.kind) {
      case 'timeout':
        this.#report.incident('timeout', { register, address });
        this.#beSilent(asked, `did not answer within ${this.device.limits.timeoutMs} ms`, nowMs, devices);
        return;
      case 'invalid':
        this.#report.incident('invalid-answer', { register, address, reason: failure.reason });
        this.#beSilent(asked, failure.reason, nowMs, devices);
        return;
      case 'lost':
        this.#report.incident('connection-lost', { reason: failure.reason });
        if (asked !== null) this.#mayDoubt(asked, failure.reason);
        this.#become({ kind: 'cut', reason: `${linkName(this.device.link)} ${failure.reason}` });
    }
  }

  #takeRefusal(group: number, meaning: string, nowMs: number): void {
    const rounds = this.#groups[group];
    if (rounds === undefined) return;
    const { rounds: after, refused } = takeRefusal(rounds, nowMs);
    this.#set(group, after);
    if (refused !== null) this.#report.refused([refused], meaning);
  }

  #answered(request: ReadRequest): void {
    this.#become({ kind: 'answered' });
    this.#witnesses = remember(this.#witnesses, request);
  }

  #takeBack(group: number, request: ReadRequest): void {
    this.#vainAttempts = 0;
    this.#replace(group, (rounds) => takeVoice(rounds, request));
  }

  #mayDoubt(asked: Asked, what: string): void {
    const isFirst = this.#health.state === 'online' && this.#doubt === null;
    if (isFirst && asked.kind !== 'sign') this.#doubt = { group: asked.group, request: asked.request, what };
  }

  /** The device is there: if it answered something else, it was the doubted request that it is silent on. */
  #settleDoubt(answered: ReadRequest, nowMs: number, devices: number): void {
    const doubt = this.#doubt;
    this.#doubt = null;
    const rounds = doubt === null ? undefined : this.#groups[doubt.group];
    if (doubt === null || rounds === undefined || doubt.request === answered) return;
    const { rounds: after, verdict } = takeSilence(rounds, doubt.request, nowMs);
    this.#set(doubt.group, after);
    if (verdict === 'doubted') {
      this.#quietUntilMs = Math.max(this.#quietUntilMs, nowMs + SECOND_CHANCE_MS);
      return;
    }
    this.#vainAttempts += 1;
    this.#attemptsFromMs = nowMs + attemptPauseMs(this.#vainAttempts, this.device.limits.timeoutMs, devices);
    if (verdict === 'refused') this.#report.refused([doubt.request], doubt.what);
  }

  #beSilent(asked: Asked | null, what: string, nowMs: number, devices: number): void {
    const { link, unit, limits } = this.device;
    if (asked !== null) this.#mayDoubt(asked, what);
    this.#become({
      kind: 'silent',
      reason: `${linkName(link)} unit ${unit} ${what}`,
      nowMs,
      isShared: devices > 1,
      // RTU frames carry no number: an answer that is late must not meet the next request.
      leaveAloneMs: link.kind === 'tcp' ? 0 : limits.timeoutMs,
      canAskOther: this.#signOfLife(1) !== null,
    });
  }

  #become(event: HealthEvent): void {
    const { health, effect } = nextHealth(this.#health, event);
    this.#health = health;
    switch (effect.kind) {
      case 'none':
        return;
      case 'online':
        this.#report.online();
        return;
      case 'offline':
        this.#doubt = null;
        this.#vainAttempts = 0;
        this.#groups = this.#groups.map(rejoin);
        this.#report.offline(effect.reason);
    }
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
