/**
 * The writes of one device on its link: which goes out next, and what its answers mean.
 *
 * They go out one after the other, in their order. One that is being read back holds up only those that write to the same
 * registers, so that a device that takes its time with one value can still be told to stop. A write is sent once: without
 * an answer it may have happened, and is not sent again.
 */
import type { TagValue } from '@trame/protocol/tag';
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { isBitRegister } from '../domain/modbus-width.ts';
import { scaleValue } from '../domain/scale-value.ts';
import { readsAsWritten, shown } from '../domain/write-value.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { WriteOutcome } from '../ports/device-writer.ts';
import { refused, unconfirmed } from '../ports/write-outcomes.ts';
import type { Failure, ReadOutcome, ReadSpan, WriteAnswer, WriteSpan } from './connection.ts';
import { decodeRegisters } from './decode.ts';
import { encodeRegisters } from './encode.ts';
import { concernOf, ILLEGAL_FUNCTION, mayHaveActed } from './exception-code.ts';
import { overlap, widthOf, type ModbusTarget } from './write-target.ts';

/** Between two looks whether the device has taken a value; the link is free for others meanwhile. */
const LOOK_EVERY_MS = 20;

export interface ModbusWriteJob {
  readonly target: ModbusTarget;
  readonly raw: TagValue;
  /** What to read back, raw; null: nothing is read back. */
  readonly expected: TagValue | null;
  /** What stands there is read before: what stood already is only believed at the end of the time for reading back. */
  readonly looksBefore: boolean;
  /** Aborts when nobody waits for it any more. */
  readonly signal: AbortSignal;
  readonly sent: () => void;
  readonly settle: (outcome: WriteOutcome) => void;
}

interface Waiting extends ModbusWriteJob {
  readonly sinceMs: number;
  /** Whether what is to be read back may have stood there before; null: it is to be looked up. */
  mayHaveStood: boolean | null;
  /** Null: it was not sent yet. */
  look: {
    /** Time of the next one, and of the last one. Monotonic, ms. */
    dueMs: number;
    readonly endMs: number;
    last: TagValue | null;
    problem: string | null;
  } | null;
}

export type WriteStep =
  | { readonly kind: 'write'; readonly job: Waiting; readonly span: WriteSpan }
  | { readonly kind: 'look'; readonly job: Waiting; readonly span: ReadSpan };

export class UnitWriter {
  readonly #device: ModbusDeviceConfig;
  #jobs: readonly Waiting[] = [];
  /** It is out, and its answer is not there yet. */
  #inFlight: Waiting | null = null;
  /** The device knows no function code for a single coil, or register. */
  readonly #onlyMultiple = new Set<ModbusTarget['register']>();

  constructor(device: ModbusDeviceConfig) {
    this.#device = device;
  }

  add(job: ModbusWriteJob, nowMs: number): void {
    this.#jobs = [
      ...this.#open(),
      { ...job, sinceMs: nowMs, mayHaveStood: job.looksBefore ? null : false, look: null },
    ];
  }

  /** Monotonic time at which it next wants the link, ms; infinite when there is nothing to do. */
  get wantedAtMs(): number {
    return Math.min(...this.#steps().map(wantedAtMs), Number.POSITIVE_INFINITY);
  }

  /** @returns what to do on the link now, or null. */
  next(nowMs: number): WriteStep | null {
    const due = this.#steps().filter((job) => wantedAtMs(job) <= nowMs);
    const [first] = due.toSorted((a, b) => wantedAtMs(a) - wantedAtMs(b));
    if (first === undefined) return null;
    const { unit, limits } = this.#device;
    const { target } = first;
    const { timeoutMs } = limits;
    if (first.look !== null || first.mayHaveStood === null) {
      const { register, address } = target;
      return {
        kind: 'look',
        job: first,
        span: { unit, register, address, count: widthOf(target), timeoutMs },
      };
    }
    first.sent();
    this.#inFlight = first;
    const isMultiple = this.#onlyMultiple.has(target.register);
    const span = { unit, address: target.address, value: valueOf(first), isMultiple, timeoutMs };
    return { kind: 'write', job: first, span };
  }

  takeAnswer({ job, span }: Extract<WriteStep, { kind: 'write' }>, answer: WriteAnswer, nowMs: number): void {
    this.#inFlight = null;
    switch (answer.kind) {
      case 'echoed':
        if (job.expected === null) this.#settle(job, { kind: 'confirmed', readBack: null });
        else job.look = firstLook(job, nowMs);
        return;
      case 'exception':
        if (answer.code === ILLEGAL_FUNCTION && !span.isMultiple && widthOf(job.target) === 1) {
          // It did nothing, and may know the other way to say the same.
          this.#onlyMultiple.add(job.target.register);
          return;
        }
        this.#settle(job, this.#exceptional(answer.code));
        return;
      case 'timeout':
      case 'invalid':
      case 'lost':
        this.#settle(job, unconfirmed(WRITE_WORDS.noAnswer(this.#device.id, wordsOf(answer))));
    }
  }

  takeLook({ job }: Extract<WriteStep, { kind: 'look' }>, outcome: ReadOutcome, nowMs: number): void {
    const { look } = job;
    if (look === null) {
      const stands = outcome.kind === 'data' ? readOf(job.target, outcome.data) : job.expected;
      // Where it cannot be read nobody knows.
      job.mayHaveStood = job.expected !== null && readsAsWritten(job.expected, stands);
      return;
    }
    if (outcome.kind === 'data') {
      const read = readOf(job.target, outcome.data);
      look.last = read === null ? null : scaleValue(read, job.target).value;
      if (job.expected !== null && readsAsWritten(job.expected, read)) {
        this.#settle(job, { kind: 'confirmed', readBack: look.last });
        return;
      }
    } else {
      look.problem = wordsOf(outcome);
      if (outcome.kind === 'exception' && isFinal(outcome.code)) {
        this.#settle(job, unconfirmed(WRITE_WORDS.notReadable(this.#device.id, look.problem)));
        return;
      }
    }
    // The last look is at the end of the time that the device has.
    if (nowMs >= look.endMs) this.#giveUp(job, look);
    else look.dueMs = Math.min(nowMs + LOOK_EVERY_MS, look.endMs);
  }

  /** The device is away: what was not sent is refused; what was accepted is looked for as long as the device has time. */
  unitAway(reason: string, nowMs: number): void {
    for (const job of this.#open()) {
      if (job.look === null) this.#settle(job, refused(reason));
      else if (nowMs >= job.look.endMs) this.#giveUp(job, job.look);
    }
  }

  /** Nobody serves the device any more. */
  end(): void {
    const { id } = this.#device;
    for (const job of this.#open()) {
      const isSent = job.look !== null || job === this.#inFlight;
      this.#settle(
        job,
        isSent ? unconfirmed(WRITE_WORDS.stoppedAfter(id)) : refused(WRITE_WORDS.stopping(id)),
      );
    }
    this.#inFlight = null;
  }

  #giveUp(job: Waiting, look: NonNullable<Waiting['look']>): void {
    const { id } = this.#device;
    const { readbackMs } = job.target;
    if (look.last === null) {
      this.#settle(job, unconfirmed(WRITE_WORDS.notReadBack(id, readbackMs, look.problem)));
      return;
    }
    const reason = WRITE_WORDS.differs(id, shown(look.last), readbackMs);
    this.#settle(job, { kind: 'unconfirmed', readBack: look.last, reason });
  }

  #exceptional(code: number): WriteOutcome {
    const { id } = this.#device;
    const words = WRITE_WORDS.modbusException(code);
    if (mayHaveActed(code)) return unconfirmed(WRITE_WORDS.doubtfulAnswer(id, words));
    return refused(WRITE_WORDS.refusedByDevice(id, words));
  }

  #settle(job: Waiting, outcome: WriteOutcome): void {
    this.#jobs = this.#jobs.filter((one) => one !== job);
    job.settle(outcome);
  }

  #open(): readonly Waiting[] {
    return this.#jobs.filter(({ signal }) => !signal.aborted);
  }

  /** Jobs that may have the link: those that are looked at, and the first that waits unless it writes what is looked at. */
  #steps(): readonly Waiting[] {
    const open = this.#open();
    const looking = open.filter(({ look }) => look !== null);
    const first = open.find(({ look }) => look === null);
    const isFree = first !== undefined && looking.every(({ target }) => !overlap(target, first.target));
    return isFree ? [...looking, first] : looking;
  }
}

function wantedAtMs({ look, sinceMs }: Waiting): number {
  return look?.dueMs ?? sinceMs;
}

/** What stood there before is looked at when the device has had its time, and no sooner. */
function firstLook({ target, mayHaveStood }: Waiting, nowMs: number): NonNullable<Waiting['look']> {
  const endMs = nowMs + target.readbackMs;
  return { dueMs: mayHaveStood === true ? endMs : nowMs, endMs, last: null, problem: null };
}

function valueOf({ raw, target }: ModbusWriteJob): boolean | Uint8Array {
  if (typeof raw === 'boolean') return raw;
  return encodeRegisters(raw, target.type, target.byteOrder);
}

function isFinal(code: number): boolean {
  return concernOf(code) === 'addresses' || code === ILLEGAL_FUNCTION;
}

function wordsOf(failure: Failure): string {
  switch (failure.kind) {
    case 'exception':
      return WRITE_WORDS.modbusException(failure.code);
    case 'timeout':
      return WRITE_WORDS.silent();
    case 'invalid':
      return WRITE_WORDS.wrongEcho();
    case 'lost':
      return WRITE_WORDS.linkLost();
  }
}

function readOf(target: ModbusTarget, data: Uint8Array): TagValue | null {
  if (isBitRegister(target.register)) return ((data[0] ?? 0) & 1) === 1;
  return decodeRegisters({ ...target, bit: null, lengthBytes: null }, data);
}
