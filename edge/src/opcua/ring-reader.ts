/**
 * Reads the ring of a station within one session, and hands on what it reads, in order. What was read and not handed on yet,
 * and where reading stands, outlives the session in its memory.
 */
import type { OpcuaDeviceConfig, OpcuaRing } from '../domain/line-config.ts';
import { after } from '../domain/sorting/read-numbers.ts';
import type { DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import type { SparingLog } from '../ports/sparing-log.ts';
import type { SpectrumSink } from '../ports/spectrum-source.ts';
import type { DataValueLike } from './convert-value.ts';
import { resolveNode } from './node-reference.ts';
import {
  next,
  NO_RESULTS,
  placeOf,
  type RingEffect,
  type RingEvent,
  type RingPlace,
  type RingState,
} from './plan-ring-reads.ts';
import { readRingPlace, seqOf } from './read-ring-place.ts';
import { endsSession, reasonOf, statusNameOf } from './service-failure.ts';
import { readAttributes, type ServiceContext } from './session-services.ts';
import { qualityOfStatus } from './status-quality.ts';

export interface RingPorts {
  readonly spectra: SpectrumSink;
  readonly sink: DeviceSink;
  readonly log: Log;
  /** How often the same trouble is told. */
  readonly sparing: SparingLog;
}

/** What is known of a ring from one session to the next. At most one answer's results wait in it. */
export interface RingMemory {
  state: RingState;
  /** Decided and not carried out yet. */
  readonly effects: RingEffect[];
  /** Results that somebody is busy with; null: none. */
  handing: Promise<void> | null;
}

export interface RingDevice extends OpcuaDeviceConfig {
  readonly ring: OpcuaRing;
}

/** How often the same trouble with a ring is told at most, ms. */
export const RING_TROUBLE_EVERY_MS = 60_000;
/** Its number, its time and its spectrum. */
const NODES_OF_RESULT = 3;
/** What servers answer to a request or an answer that is too long for them. */
const TOO_LONG = /BadTooManyOperations|BadResponseTooLarge|BadRequestTooLarge|BadEncodingLimitsExceeded/u;

export function createRingMemory(): RingMemory {
  return { state: NO_RESULTS, effects: [], handing: null };
}

export class RingReader {
  readonly #device: RingDevice;
  readonly #services: ServiceContext;
  readonly #memory: RingMemory;
  readonly #ports: RingPorts;
  #namespaces: readonly string[] = [];
  #perRead = 1;
  #asksHead = false;
  #woken = Promise.withResolvers<void>();
  readonly #spoilt = Promise.withResolvers<string>();
  #running: Promise<void> | null = null;

  /** @param services whose signal aborts when the session ends. */
  constructor(device: RingDevice, services: ServiceContext, memory: RingMemory, ports: RingPorts) {
    this.#device = device;
    this.#services = services;
    this.#memory = memory;
    this.#ports = ports;
  }

  /** Resolves with the reason when reading finds that the session has to end. */
  get spoilt(): Promise<string> {
    return this.#spoilt.promise;
  }

  /** Reads until the session ends. @param nodesPerRead nodes that the server lets one request read. */
  begin(nodesPerRead: number): void {
    const { log } = this.#ports;
    const { id } = this.#device;
    this.#running = this.#run(nodesPerRead).then(this.#spoilt.resolve, (error: unknown) => {
      if (this.#services.signal.aborted) return;
      log.error({ device: id, error }, 'the reading of spectra broke');
      this.#spoilt.resolve(`the reading of spectra of ${id} failed here`);
    });
  }

  /** Resolves when nothing of it is under way any more; the session has to have ended. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** @returns why the session has to end. @throws the signal's reason when it aborts. */
  async #run(nodesPerRead: number): Promise<string> {
    const { effects } = this.#memory;
    const { signal } = this.#services;
    if (nodesPerRead < NODES_OF_RESULT) {
      this.#say({ nodesPerRead }, 'the server reads too few nodes at once for a ring: it is not read');
      return await unlessAborted(Promise.withResolvers<never>().promise, signal);
    }
    // One more tells how far the station is by then; a server with no room for it is asked without.
    this.#perRead = Math.max(1, Math.floor((nodesPerRead - 1) / NODES_OF_RESULT));
    this.#asksHead = nodesPerRead > NODES_OF_RESULT;
    this.#take({ kind: 'session' });
    while (true) {
      if (this.#memory.handing !== null) {
        await unlessAborted(this.#memory.handing, signal);
        this.#memory.handing = null;
      }
      const effect = effects.shift();
      if (effect === undefined) await this.#sleep();
      else {
        const reason = await this.#perform(effect);
        if (reason !== null) return reason;
      }
    }
  }

  /** The station told its number. @param namespaces of the server, by index. */
  tell(data: DataValueLike, namespaces: readonly string[]): void {
    this.#namespaces = namespaces;
    const good = qualityOfStatus(data.statusCode.value).level === 'good';
    // A bad one comes without a value.
    const seq = good ? seqOf({ good, value: data.value.value }) : null;
    if (seq !== null) {
      this.#take({ kind: 'seq', seq });
      return;
    }
    this.#ports.sink.incident(this.#device.id, 'bad-value');
    this.#say({ node: this.#device.ring.seq }, 'the station does not tell how many results there are');
  }

  #take(event: RingEvent): void {
    const memory = this.#memory;
    const { size } = this.#device.ring;
    const { state, effects } = next(memory.state, event, { size, perRead: this.#perRead });
    memory.state = state;
    memory.effects.push(...effects);
    if (effects.length > 0) this.#woken.resolve();
  }

  async #sleep(): Promise<void> {
    await unlessAborted(this.#woken.promise, this.#services.signal);
    this.#woken = Promise.withResolvers<void>();
  }

  /** @returns why the session has to end, or null. */
  async #perform(effect: RingEffect): Promise<string | null> {
    const { spectra, log } = this.#ports;
    const { id } = this.#device;
    switch (effect.kind) {
      case 'read':
        return await this.#read(effect);
      case 'spectra':
        this.#memory.handing = this.#handOver(effect.reads);
        return null;
      case 'missed': {
        const { fromSeq, count, why } = effect;
        this.#say({ fromSeq, count, why }, 'spectra of the station were missed');
        spectra.missed(id, { fromSeq, count, why });
        return null;
      }
      case 'begun': {
        const { seq, why } = effect;
        log.info({ device: id, seq, why }, 'spectra are read from this number on');
        spectra.begun(id, { seq, why });
        return null;
      }
    }
  }

  async #handOver(reads: Extract<RingEffect, { kind: 'spectra' }>['reads']): Promise<void> {
    const { spectra, log } = this.#ports;
    try {
      await spectra.spectra(this.#device.id, reads);
    } catch (error) {
      log.error(
        { device: this.#device.id, error },
        'what takes spectra broke; the next ones are given to it',
      );
    }
  }

  async #read(request: Extract<RingEffect, { kind: 'read' }>): Promise<string | null> {
    const { ticket, first, count, afterMs } = request;
    const { clock, signal } = this.#services;
    const isWanted = (): boolean => this.#memory.state.asked?.ticket === ticket;
    if (afterMs > 0 && isWanted()) await clock.sleep(afterMs, signal);
    // Of the session before, or the ring went on to another life meanwhile.
    if (!isWanted()) return null;
    try {
      const { places, head } = await this.#ask(first, count);
      this.#take({ kind: 'answer', ticket, places, head });
      return null;
    } catch (error) {
      signal.throwIfAborted();
      const status = statusNameOf(error);
      const { id, url } = this.#device;
      if (status === null || endsSession(status)) return `${url}: ${reasonOf(error)}`;
      if (TOO_LONG.test(status)) this.#perRead = Math.max(1, Math.floor(count / 2));
      this.#ports.sink.incident(id, 'exception');
      this.#say({ status, results: count }, 'the server refuses to read its ring; it is asked again');
      this.#take({ kind: 'failed', ticket });
      return null;
    }
  }

  /** The nodes of every result in one request; the station's own number comes last, as it is by then. */
  async #ask(
    first: number,
    count: number,
  ): Promise<{ readonly places: readonly RingPlace[]; readonly head: number | null }> {
    const { ring } = this.#device;
    const nodes = Array.from({ length: count }, (_, index) => {
      const place = String(placeOf(after(first, index), ring.size));
      const { seq, at, spectrum } = ring.result;
      return [seq, at, spectrum].map((node) => node.replaceAll('{place}', place));
    }).flat();
    if (this.#asksHead) nodes.push(ring.seq);
    const nodeIds = nodes.map((node) => this.#resolve(node));
    const read = await readAttributes(this.#services, nodeIds, 'Value', nodeIds.length);
    const places = Array.from({ length: count }, (_, index) => {
      const from = index * NODES_OF_RESULT;
      return readRingPlace(read[from], read[from + 1], read[from + 2]);
    });
    return { places, head: this.#asksHead ? seqOf(read[count * NODES_OF_RESULT]) : null };
  }

  /** A node of a namespace that the server has not is asked for all the same: it answers that it has no such node. */
  #resolve(node: string): string {
    const resolved = resolveNode(node, this.#namespaces);
    return resolved.state === 'resolved' ? resolved.nodeId : NO_NODE;
  }

  #say(fields: object, message: string): void {
    const { log, sparing } = this.#ports;
    const key = `${this.#device.id} ${message}`;
    if (sparing.isDue(key)) log.warn({ device: this.#device.id, ...fields }, message);
    else log.debug({ device: this.#device.id, ...fields }, message);
  }
}

/** No server has it (OPC 10000-3 §8.2.4: the null node). */
const NO_NODE = 'i=0';

/** @throws the signal's reason when it aborts first; what the promise does later is its owner's. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
