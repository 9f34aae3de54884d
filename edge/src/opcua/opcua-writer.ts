/**
 * Writing to one OPC UA device and calling its methods, in the session that reads it.
 *
 * Requests go out one after the other, in their order. One that is being read back holds up only those that write the same
 * node, so that a device that takes its time with one value can still be told to stop. Each is sent once: without an answer
 * it may have happened, and is not sent again.
 */
import type { TagValue } from '@trame/protocol/tag';
import type { Variant } from 'node-opcua-client';
import type { OpcuaDeviceConfig, OpcuaMethod, OpcuaTag } from '../domain/line-config.ts';
import { DEFAULT_READBACK_MS } from '../domain/line-config.ts';
import { scaleValue } from '../domain/scale-value.ts';
import { outsideRange, rawToWrite, readsAsWritten, shown } from '../domain/write-value.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { WriteOptions, WriteOutcome } from '../ports/device-writer.ts';
import { slept } from '../ports/slept.ts';
import { WriteDesk, type WriteDeskPorts, type WriteJob } from '../ports/write-desk.ts';
import { refused, unconfirmed } from '../ports/write-outcomes.ts';
import { DeadlineExceeded } from './deadline.ts';
import { toArguments } from './method-arguments.ts';
import type { MethodArgument, NodeAccess, Wait } from './node-access.ts';
import { valueOfVariant } from './read-variant.ts';
import { statusNameOf } from './service-failure.ts';
import { TurnQueue } from './turn-queue.ts';
import { isRefusal, isTurnedAway } from './write-status.ts';
import { readBackOf, toVariant, writableType } from './write-variant.ts';

/** Also a small server that is busy has answered a write by then; whoever waits behind it waits no longer. */
const ANSWER_WITHIN_MS = 3000;
/** A method may do something before it answers. */
const CALL_WITHIN_MS = 5000;
/** Between two looks whether the device has taken a value. */
const LOOK_EVERY_MS = 25;
/** A server that answers at all does so within this, however short the time for reading back is. */
const LOOK_MIN_MS = 1000;

type Outcome<K extends WriteOutcome['kind']> = Extract<WriteOutcome, { kind: K }>;

/** Where a value goes, and what has to be read there. */
interface Prepared {
  readonly tag: OpcuaTag;
  readonly nodeId: string;
  readonly dataType: number;
  readonly variant: Variant;
  /** Null: nothing is read back. */
  readonly expected: TagValue | null;
  /** Nobody knows that another value stood there before: what it reads as at once says nothing. */
  readonly mayHaveStood: boolean;
}

type Wanted = Required<WriteOptions>;

export class OpcuaWriter {
  readonly #device: OpcuaDeviceConfig;
  readonly #ports: WriteDeskPorts;
  readonly #desk: WriteDesk;
  readonly #order = new TurnQueue();
  /** What is being read back, by node: no more than there are tags. */
  readonly #looking = new Map<string, Promise<WriteOutcome>>();
  #access: NodeAccess | null = null;

  constructor(device: OpcuaDeviceConfig, ports: WriteDeskPorts) {
    this.#device = device;
    this.#ports = ports;
    this.#desk = new WriteDesk(device.id, ports);
  }

  /** A session is there. */
  attach(access: NodeAccess): void {
    this.#access = access;
  }

  /** The session is gone. */
  detach(): void {
    this.#access = null;
  }

  async write(
    name: string,
    value: TagValue,
    signal: AbortSignal,
    { expect = value, settle = false }: WriteOptions = {},
  ): Promise<WriteOutcome> {
    const { id, tags } = this.#device;
    const tag = tags.find((one) => one.name === name);
    if (tag === undefined) return refused(WRITE_WORDS.unknownTarget(id, name, 'opcua'));
    if (!tag.writable) return refused(WRITE_WORDS.notWritable(id, name));
    const outside = outsideRange(value, tag);
    if (outside !== null) return refused(outside);
    const { readbackMs = DEFAULT_READBACK_MS } = tag;
    const answerWithinMs = ANSWER_WITHIN_MS + readbackMs + 2 * LOOK_MIN_MS;
    return await this.#desk.submit(name, answerWithinMs, signal, async (job) => {
      if (this.#access === null) return refused(WRITE_WORDS.notConnected(id));
      // The turn is over once it is sent; the outcome may take as long as the device may.
      const { outcome } = await this.#order.inTurn(job.signal, async () => {
        await this.#looking.get(tag.node);
        job.signal.throwIfAborted();
        const sent = await this.#send(tag, value, { expect, settle }, job);
        if ('kind' in sent) return { outcome: Promise.resolve(sent) };
        const outcome = this.#readBack(sent, readbackMs, job);
        this.#looking.set(tag.node, outcome);
        return { outcome };
      });
      return await outcome;
    });
  }

  async call(name: string, args: readonly TagValue[], signal: AbortSignal): Promise<WriteOutcome> {
    const { id, methods } = this.#device;
    const method = methods.find((one) => one.name === name);
    if (method === undefined) return refused(WRITE_WORDS.unknownMethod(id, name));
    return await this.#desk.submit(name, 2 * CALL_WITHIN_MS, signal, async (job) => {
      if (this.#access === null) return refused(WRITE_WORDS.notConnected(id));
      return await this.#order.inTurn(job.signal, async () => await this.#call(method, args, job));
    });
  }

  /** @returns what has to be read back, or the outcome when there is nothing to read. */
  async #send(
    tag: OpcuaTag,
    value: TagValue,
    { expect, settle }: Wanted,
    job: WriteJob,
  ): Promise<Prepared | WriteOutcome> {
    const { id } = this.#device;
    const access = this.#access;
    if (access === null) return refused(WRITE_WORDS.notConnected(id));
    let prepared: Prepared | Outcome<'refused'>;
    try {
      prepared = await this.#prepare(access, tag, value, expect);
    } catch (error) {
      return refused(this.#unanswered(access, error));
    }
    if ('kind' in prepared) return prepared;
    if (settle) prepared = { ...prepared, mayHaveStood: await this.#mayStand(prepared, job) };
    job.signal.throwIfAborted();
    job.sent();
    try {
      const status = await access.write(prepared.nodeId, prepared.variant, {
        ms: ANSWER_WITHIN_MS,
        signal: job.signal,
      });
      if (status.isGoodish())
        return prepared.expected === null ? { kind: 'confirmed', readBack: null } : prepared;
      return this.#bad(status.name);
    } catch (error) {
      return this.#failed(access, error);
    }
  }

  async #prepare(
    access: NodeAccess,
    tag: OpcuaTag,
    value: TagValue,
    expect: TagValue | null,
  ): Promise<Prepared | Outcome<'refused'>> {
    const { id } = this.#device;
    const nodeId = access.resolve(tag.node);
    if (nodeId === null) return refused(WRITE_WORDS.unknownNode(id, tag.node));
    const dataType = await access.dataTypeOf(tag, nodeId);
    if (dataType === null) return refused(WRITE_WORDS.unknownType(id, tag.name));
    const type = writableType(dataType);
    if (type === null) return refused(WRITE_WORDS.unwritableType(id, tag.name));
    const converted = rawToWrite(value, type, tag);
    if (converted.kind === 'refused') return converted;
    const variant = toVariant(converted.raw, dataType);
    if (variant === null) return refused(WRITE_WORDS.doesNotFit(shown(value), type));
    const wanted = expect === null ? null : rawToWrite(expect, type, { ...tag, range: null });
    if (wanted !== null && wanted.kind === 'refused') return wanted;
    return {
      tag,
      nodeId,
      dataType,
      variant: access.variantOf(variant),
      expected: wanted === null ? null : wanted.raw,
      mayHaveStood: false,
    };
  }

  /** @returns whether what is to be read back may stand there now. */
  async #mayStand(prepared: Prepared, { signal }: WriteJob): Promise<boolean> {
    if (prepared.expected === null) return false;
    const looked = await this.#look(prepared, { ms: LOOK_MIN_MS, signal });
    return looked.kind === 'problem' || readsAsWritten(prepared.expected, looked.read);
  }

  async #readBack(prepared: Prepared, readbackMs: number, job: WriteJob): Promise<WriteOutcome> {
    const { clock } = this.#ports;
    const { id } = this.#device;
    const endMs = clock.monotonicMs() + readbackMs;
    let last: TagValue | null = null;
    let problem: string | null = null;
    if (prepared.mayHaveStood) await slept(clock, readbackMs, job.signal);
    do {
      const looked = await this.#look(prepared, {
        ms: Math.max(endMs - clock.monotonicMs(), LOOK_MIN_MS),
        signal: job.signal,
      });
      if (looked.kind === 'problem') problem = looked.words;
      else last = scaleValue(looked.read, prepared.tag).value;
      if (
        looked.kind === 'read' &&
        prepared.expected !== null &&
        readsAsWritten(prepared.expected, looked.read)
      ) {
        return { kind: 'confirmed', readBack: last };
      }
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) break;
      // The last look is at the end of the time that the device has.
      await slept(clock, Math.min(LOOK_EVERY_MS, leftMs), job.signal);
    } while (!job.signal.aborted);
    if (last === null) return unconfirmed(WRITE_WORDS.notReadBack(id, readbackMs, problem));
    const reason = WRITE_WORDS.differs(id, shown(last), readbackMs);
    return { kind: 'unconfirmed', readBack: last, reason };
  }

  /** Also in a session that was made anew since the write. */
  async #look(
    { nodeId, dataType }: Prepared,
    wait: Wait,
  ): Promise<{ kind: 'read'; read: TagValue } | { kind: 'problem'; words: string }> {
    const access = this.#access;
    if (access === null) return { kind: 'problem', words: WRITE_WORDS.linkLost() };
    try {
      const { statusCode, value } = await access.read(nodeId, wait);
      const read = statusCode.isBad() ? null : readBackOf(value, dataType);
      return read === null
        ? { kind: 'problem', words: WRITE_WORDS.opcuaStatus(statusCode.name) }
        : { kind: 'read', read };
    } catch (error) {
      return { kind: 'problem', words: this.#unanswered(access, error) };
    }
  }

  async #call(method: OpcuaMethod, args: readonly TagValue[], job: WriteJob): Promise<WriteOutcome> {
    const { id } = this.#device;
    const access = this.#access;
    if (access === null) return refused(WRITE_WORDS.notConnected(id));
    const object = access.resolve(method.object);
    const methodId = access.resolve(method.method);
    if (object === null) return refused(WRITE_WORDS.unknownNode(id, method.object));
    if (methodId === null) return refused(WRITE_WORDS.unknownNode(id, method.method));
    let declared: readonly MethodArgument[];
    try {
      declared = await access.argumentsOf(methodId);
    } catch (error) {
      return refused(this.#unanswered(access, error));
    }
    const given = toArguments(method.name, declared, args);
    if (given.kind === 'refused') return given;
    const inputs = given.inputs.map((one) => access.variantOf(one));
    job.sent();
    try {
      const { status, output, wrongArgument } = await access.call(object, methodId, inputs, {
        ms: CALL_WITHIN_MS,
        signal: job.signal,
      });
      if (status.isGood())
        return { kind: 'confirmed', readBack: output === null ? null : valueOfVariant(output) };
      const wrong = wrongArgument === null ? undefined : declared[wrongArgument];
      if (wrong !== undefined) {
        return refused(WRITE_WORDS.argument(method.name, wrong.name, WRITE_WORDS.opcuaStatus(status.name)));
      }
      return this.#bad(status.name);
    } catch (error) {
      return this.#failed(access, error);
    }
  }

  #bad(status: string): WriteOutcome {
    const { id } = this.#device;
    const words = WRITE_WORDS.opcuaStatus(status);
    return isRefusal(status)
      ? refused(WRITE_WORDS.refusedByDevice(id, words))
      : unconfirmed(WRITE_WORDS.doubtfulAnswer(id, words));
  }

  /** The request went out and no answer to it came, or one that turns it away whole. */
  #failed(access: NodeAccess, error: unknown): WriteOutcome {
    const { id } = this.#device;
    const status = statusNameOf(error);
    if (!access.ended.aborted && isTurnedAway(status)) {
      return refused(WRITE_WORDS.refusedByDevice(id, WRITE_WORDS.opcuaStatus(status)));
    }
    return unconfirmed(WRITE_WORDS.noAnswer(id, this.#why(access, error)));
  }

  #unanswered(access: NodeAccess, error: unknown): string {
    return WRITE_WORDS.notConnected(this.#device.id, this.#why(access, error));
  }

  #why(access: NodeAccess, error: unknown): string {
    if (error instanceof DeadlineExceeded) return WRITE_WORDS.silent();
    const status = statusNameOf(error);
    return access.ended.aborted || status === null ? WRITE_WORDS.linkLost() : WRITE_WORDS.opcuaStatus(status);
  }
}
