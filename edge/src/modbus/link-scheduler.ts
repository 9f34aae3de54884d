/**
 * One link, one master: every device of an address or serial port is asked from here, one request at a time.
 *
 * Of what is read nothing queues: each group of tags has at most one round under way, so what waits is bounded by the
 * configuration, and a round that comes due while it still waits is left out. Among the devices that want
 * the link the one that has waited longest is served; a device in back-off wants nothing. What is written goes first, but
 * for every {@link WRITES_IN_A_ROW} requests of writes one read has its turn.
 */
import type { ModbusLink } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { ModbusConnection, type ReadOutcome, type WriteAnswer } from './connection.ts';
import { openStream } from './open-stream.ts';
import { connectDelayMs } from './retry-delay.ts';
import type { UnitPoller } from './unit-poller.ts';
import type { UnitWriter, WriteStep } from './unit-writer.ts';

/** A serial port is opened anew after so many requests in a row without an answer: its adapter may hang. */
const SERIAL_REOPEN_AFTER = 5;

/** However much is written, tags stay fresh. */
const WRITES_IN_A_ROW = 4;

/** One device on the link. */
export interface LinkMember {
  readonly poller: UnitPoller;
  readonly writer: UnitWriter;
}

export interface LinkPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export class LinkScheduler {
  readonly #link: ModbusLink;
  readonly #ports: LinkPorts;
  readonly #members = new Set<LinkMember>();
  #run: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;
  #wake = new AbortController();

  constructor(link: ModbusLink, ports: LinkPorts) {
    this.#link = link;
    this.#ports = ports;
  }

  /** A device wants the link sooner than it said. */
  wake(): void {
    this.#wake.abort();
  }

  /** Asks a device until the signal aborts. The link is closed when its last device leaves. */
  async serve(member: LinkMember, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#members.add(member);
    this.#wake.abort();
    if (this.#run === null) {
      const stop = new AbortController();
      this.#run = { stop, ended: this.#serveMembers(stop.signal) };
    }
    const run = this.#run;
    const left = Promise.withResolvers<void>();
    const leave = () => left.resolve();
    signal.addEventListener('abort', leave, { once: true });
    try {
      await Promise.race([left.promise, run.ended]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#members.delete(member);
      member.writer.end();
      if (this.#members.size === 0) {
        this.#run = null;
        run.stop.abort();
        await run.ended;
      }
    }
  }

  async #serveMembers(signal: AbortSignal): Promise<void> {
    const state: LinkState = {
      connection: null,
      failures: 0,
      openAtMs: 0,
      quietUntilMs: 0,
      isBroken: false,
      writesInARow: 0,
    };
    const { clock } = this.#ports;
    const onStop = () => {
      state.connection?.abort();
      this.#wake.abort();
    };
    signal.addEventListener('abort', onStop, { once: true });
    try {
      while (!signal.aborted) {
        const nowMs = clock.monotonicMs();
        const turn = this.#turn(nowMs, state);
        if (typeof turn === 'number') await this.#sleep(turn - nowMs);
        else await this.#serveOne(turn, state, signal);
      }
    } finally {
      await state.connection?.[Symbol.asyncDispose]();
    }
  }

  /** @returns whom to serve now, or the time until which there is nothing to do. */
  #turn(nowMs: number, state: LinkState): Turn | number {
    const notBeforeMs = Math.max(state.quietUntilMs, isOpen(state) ? 0 : state.openAtMs);
    let earliestMs = Number.POSITIVE_INFINITY;
    let best: LinkMember | null = null;
    let writing: LinkMember | null = null;
    for (const member of this.#members) {
      const { poller, writer } = member;
      const wantedAtMs = Math.max(poller.wantedAtMs, notBeforeMs);
      const writeAtMs = Math.max(writeWantedAtMs(member), notBeforeMs);
      earliestMs = Math.min(earliestMs, wantedAtMs, writeAtMs);
      const isLongest = best === null || poller.waitingSinceMs(nowMs) < best.poller.waitingSinceMs(nowMs);
      if (wantedAtMs <= nowMs && isLongest) best = member;
      if (writeAtMs > nowMs) continue;
      if (writing === null || writer.wantedAtMs < writing.writer.wantedAtMs) writing = member;
    }
    const isWriting = writing !== null && (best === null || state.writesInARow < WRITES_IN_A_ROW);
    if (isWriting && writing !== null) return { member: writing, isWriting };
    return best === null ? earliestMs : { member: best, isWriting: false };
  }

  async #serveOne({ member, isWriting }: Turn, state: LinkState, signal: AbortSignal): Promise<void> {
    const connection = isOpen(state) ? state.connection : await this.#open(state, signal);
    if (connection === null || connection === undefined) return;
    const nowMs = this.#ports.clock.monotonicMs();
    if (isWriting) {
      state.writesInARow += 1;
      const step = member.writer.next(nowMs);
      if (step !== null) await this.#write(member, step, connection, state, signal);
      return;
    }
    state.writesInARow = 0;
    const asked = member.poller.nextRead(nowMs);
    if (asked === null) return;
    const { unit, limits } = member.poller.device;
    const { register, address, count } = asked.request;
    const outcome = await connection.read({ unit, register, address, count, timeoutMs: limits.timeoutMs });
    if (signal.aborted) return;
    await this.#settleLink(outcome, state);
    // It may have left while its request was under way.
    if (!this.#members.has(member)) return;
    const answeredMs = this.#ports.clock.monotonicMs();
    member.poller.take(asked, outcome, answeredMs, this.#members.size);
    tellWriter(member, answeredMs);
  }

  async #write(
    member: LinkMember,
    step: WriteStep,
    connection: ModbusConnection,
    state: LinkState,
    signal: AbortSignal,
  ): Promise<void> {
    const { poller, writer } = member;
    const outcome =
      step.kind === 'write' ? await connection.write(step.span) : await connection.read(step.span);
    if (signal.aborted) return;
    // Who waits for the outcome does not wait for the link to be closed.
    const nowMs = this.#ports.clock.monotonicMs();
    if (this.#members.has(member)) {
      if (step.kind === 'write') writer.takeAnswer(step, outcome as WriteAnswer, nowMs);
      else writer.takeLook(step, outcome as ReadOutcome, nowMs);
      poller.heard(outcome, nowMs, this.#members.size);
      tellWriter(member, nowMs);
    }
    await this.#settleLink(outcome, state);
  }

  /** What an outcome means for the link itself. */
  async #settleLink(outcome: ReadOutcome | WriteAnswer, state: LinkState): Promise<void> {
    state.quietUntilMs = this.#ports.clock.monotonicMs() + frameGapMs(this.#link);
    const answered = outcome.kind === 'data' || outcome.kind === 'echoed' || outcome.kind === 'exception';
    state.failures = answered ? 0 : state.failures + 1;
    if (mustDrop(this.#link, outcome, state.failures)) await this.#drop(state);
  }

  async #open(state: LinkState, signal: AbortSignal): Promise<ModbusConnection | null> {
    await this.#drop(state);
    const { clock, log } = this.#ports;
    const opened = await openStream(this.#link, clock, signal);
    if (signal.aborted) {
      if (opened.kind === 'open') opened.stream.close();
      return null;
    }
    if (opened.kind === 'failed') {
      state.failures += 1;
      state.isBroken = true;
      state.openAtMs = clock.monotonicMs() + connectDelayMs(state.failures, this.#ports.entropy.random());
      log.debug(
        { link: linkName(this.#link), attempt: state.failures, reason: opened.reason },
        'modbus link failed',
      );
      for (const member of this.#members) {
        member.poller.linkFailed(opened.reason);
        tellWriter(member, clock.monotonicMs());
      }
      return null;
    }
    const framing = this.#link.kind === 'tcp' ? 'mbap' : 'rtu';
    state.connection = await ModbusConnection.over(opened.stream, framing, clock);
    log.debug({ link: linkName(this.#link) }, 'modbus link open');
    if (state.isBroken) for (const { poller } of this.#members) poller.linkOpened();
    state.isBroken = false;
    return state.connection;
  }

  /** Closes the link if there is one, and says when it may be opened again. */
  async #drop(state: LinkState): Promise<void> {
    const { connection } = state;
    if (connection === null) return;
    state.connection = null;
    const delayMs = connectDelayMs(Math.max(0, state.failures - 1), this.#ports.entropy.random());
    state.openAtMs = this.#ports.clock.monotonicMs() + delayMs;
    await connection[Symbol.asyncDispose]();
  }

  /** Waits, or until a device comes or the link is no longer wanted. */
  async #sleep(ms: number): Promise<void> {
    this.#wake = new AbortController();
    await this.#ports.clock.sleep(Math.min(ms, MAX_SLEEP_MS), this.#wake.signal).catch(() => undefined);
  }
}

/** Timers of more than 2³¹ ms fire at once; no wait of this link needs to be that long. */
const MAX_SLEEP_MS = 3_600_000;

interface LinkState {
  connection: ModbusConnection | null;
  /** Attempts to connect and requests in a row that gave no answer. */
  failures: number;
  /** Monotonic time before which the link is not opened again, ms. */
  openAtMs: number;
  /** Monotonic time before which nothing is sent, ms. */
  quietUntilMs: number;
  /** The last attempt to open it failed. */
  isBroken: boolean;
  /** Requests of writes since a read had its turn. */
  writesInARow: number;
}

interface Turn {
  readonly member: LinkMember;
  readonly isWriting: boolean;
}

/** While nobody knows whether a unit is there it is asked first: a write into the void would be in doubt for ever. */
function writeWantedAtMs({ poller, writer }: LinkMember): number {
  if (poller.isDoubtful) return Number.POSITIVE_INFINITY;
  return Math.max(writer.wantedAtMs, poller.quietUntilMs);
}

function tellWriter({ poller, writer }: LinkMember, nowMs: number): void {
  const reason = poller.writeRefusal;
  if (reason !== null) writer.unitAway(reason, nowMs);
}

function isOpen(state: LinkState): boolean {
  return state.connection !== null && state.connection.ended === null;
}

/** Bits of one character on a serial line, start, parity and stop included. */
const BITS_PER_CHARACTER = 11;
/** «MODBUS over Serial Line» 1.02 §2.5.1.1: 3.5 characters of silence part two frames; 1.75 ms when fast. */
const GAP_CHARACTERS = 3.5;
const MIN_GAP_MS = 1.75;

function frameGapMs(link: ModbusLink): number {
  if (link.kind !== 'serial') return 0;
  return Math.max(MIN_GAP_MS, (GAP_CHARACTERS * BITS_PER_CHARACTER * 1000) / link.baud);
}

/**
 * After a request without its answer the link is dropped: the answer may still come, and on RTU over TCP it
 * would be taken for the next one. A serial port stays open; there the unit is left alone for one more
 * time-out, and bytes that come meanwhile are thrown away.
 */
function mustDrop(link: ModbusLink, outcome: ReadOutcome | WriteAnswer, failures: number): boolean {
  if (outcome.kind === 'lost') return true;
  if (outcome.kind !== 'timeout' && outcome.kind !== 'invalid') return false;
  return link.kind !== 'serial' || failures % SERIAL_REOPEN_AFTER === 0;
}
