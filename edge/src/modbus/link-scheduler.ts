/**
 * One link, one master: every device of an address or serial port is asked from here, one request at a time.
 *
 * Nothing queues: each group of tags has at most one round under way, so what waits is bounded by the
 * configuration, and a round that comes due while it still waits is left out. Among the devices that want
 * the link the one that has waited longest is served; a device in back-off wants nothing.
 */
import type { ModbusLink } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { ModbusConnection, type ReadOutcome } from './connection.ts';
import { openStream } from './open-stream.ts';
import { connectDelayMs } from './retry-delay.ts';
import type { UnitPoller } from './unit-poller.ts';

/** A serial port is opened anew after so many requests in a row without an answer: its adapter may hang. */
const SERIAL_REOPEN_AFTER = 5;

export interface LinkPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export class LinkScheduler {
  readonly #link: ModbusLink;
  readonly #ports: LinkPorts;
  readonly #members = new Set<UnitPoller>();
  #run: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;
  #wake = new AbortController();

  constructor(link: ModbusLink, ports: LinkPorts) {
    this.#link = link;
    this.#ports = ports;
  }

  /** Asks a device until the signal aborts. The link is closed when its last device leaves. */
  async serve(member: UnitPoller, signal: AbortSignal): Promise<void> {
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
      if (this.#members.size === 0) {
        this.#run = null;
        run.stop.abort();
        await run.ended;
      }
    }
  }

  async #serveMembers(signal: AbortSignal): Promise<void> {
    const state: LinkState = { connection: null, failures: 0, openAtMs: 0, quietUntilMs: 0, isBroken: false };
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

  /** @returns the device to serve now, or the time until which there is nothing to do. */
  #turn(nowMs: number, state: LinkState): UnitPoller | number {
    const notBeforeMs = Math.max(state.quietUntilMs, isOpen(state) ? 0 : state.openAtMs);
    let earliestMs = Number.POSITIVE_INFINITY;
    let best: UnitPoller | null = null;
    for (const member of this.#members) {
      const wantedAtMs = Math.max(member.wantedAtMs, notBeforeMs);
      earliestMs = Math.min(earliestMs, wantedAtMs);
      if (wantedAtMs > nowMs) continue;
      if (best === null || member.waitingSinceMs(nowMs) < best.waitingSinceMs(nowMs)) best = member;
    }
    return best ?? earliestMs;
  }

  async #serveOne(member: UnitPoller, state: LinkState, signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    const connection = isOpen(state) ? state.connection : await this.#open(state, signal);
    if (connection === null || connection === undefined) return;
    const asked = member.nextRead(clock.monotonicMs());
    if (asked === null) return;
    const { unit, limits } = member.device;
    const { register, address, count } = asked.request;
    const outcome = await connection.read({ unit, register, address, count, timeoutMs: limits.timeoutMs });
    if (signal.aborted) return;
    state.quietUntilMs = clock.monotonicMs() + frameGapMs(this.#link);
    const answered = outcome.kind === 'data' || outcome.kind === 'exception';
    state.failures = answered ? 0 : state.failures + 1;
    if (mustDrop(this.#link, outcome, state.failures)) await this.#drop(state);
    // It may have left while its request was under way.
    if (this.#members.has(member)) {
      member.take(asked, outcome, clock.monotonicMs(), this.#members.size);
    }
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
      for (const member of this.#members) member.linkFailed(opened.reason);
      return null;
    }
    const framing = this.#link.kind === 'tcp' ? 'mbap' : 'rtu';
    state.connection = await ModbusConnection.over(opened.stream, framing, clock);
    log.debug({ link: linkName(this.#link) }, 'modbus link open');
    if (state.isBroken) for (const member of this.#members) member.linkOpened();
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
function mustDrop(link: ModbusLink, outcome: ReadOutcome, failures: number): boolean {
  if (outcome.kind === 'lost') return true;
  if (outcome.kind !== 'timeout' && outcome.kind !== 'invalid') return false;
  return link.kind !== 'serial' || failures % SERIAL_REOPEN_AFTER === 0;
}
