/** The OPC UA driver: one device, read for ever. */
import type { OpcuaDeviceConfig } from '../domain/line-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceDriver, DeviceSink } from '../ports/device.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { SparingLog } from '../ports/sparing-log.ts';
import type { SpectrumSink } from '../ports/spectrum-source.ts';
import { backoffMs, RECONNECT_BACKOFF } from './backoff.ts';
import { connect } from './connect.ts';
import { loadOpcuaLibrary, type OpcuaLibrary } from './library.ts';
import type { OpcuaPki } from './pki.ts';
import { NodeAccess } from './node-access.ts';
import { OpcuaVerdicts } from './opcua-verdicts.ts';
import { OpcuaWriter } from './opcua-writer.ts';
import {
  createRingMemory,
  RING_TROUBLE_EVERY_MS,
  RingReader,
  type RingDevice,
  type RingMemory,
  type RingPorts,
} from './ring-reader.ts';
import type { ServerLimits } from './session-services.ts';
import { superviseSession } from './supervise-session.ts';
import { createTagBook, type TagBook } from './tag-book.ts';

export interface OpcuaDriverDeps {
  readonly sink: DeviceSink;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** One for all OPC UA devices of the edge. */
  readonly pki: OpcuaPki;
  /** Who takes the spectra of stations; absent: their rings are not read. */
  readonly spectra?: SpectrumSink;
}

export interface OpcuaDriver extends DeviceDriver {
  readonly writer: OpcuaWriter;
  readonly verdicts: OpcuaVerdicts;
}

/** A session that lived this long was a good one: the next attempt comes at once. */
const SETTLED_MS = 10_000;

/**
 * Subscribes to the device's nodes and tells each change as it comes.
 *
 * A device that is away, refuses, freezes or forgets us is told to the sink with a reason for a person, and
 * tried again for ever with growing pauses of at most 4 s. The OPC UA library is loaded when `run` starts.
 */
export function createOpcuaDriver(device: OpcuaDeviceConfig, deps: OpcuaDriverDeps): OpcuaDriver {
  const writer = new OpcuaWriter(device, deps);
  const verdicts = new OpcuaVerdicts(device, deps);
  const ring = stationOf(device, deps);
  return {
    device: device.id,
    writer,
    verdicts,
    async run(signal) {
      const library = await loadOpcuaLibrary(deps.log);
      const book = createTagBook(device, deps.sink, deps.log);
      const watched = ring === null ? withoutRing(device) : device;
      try {
        await readForEver(watched, deps, { library, book, writer, verdicts, ring, signal });
      } catch (error) {
        // The end that was asked for; anything else is a broken invariant.
        if (!signal.aborted) throw error;
      }
    },
  };
}

interface Run {
  readonly library: OpcuaLibrary;
  readonly book: TagBook;
  readonly writer: OpcuaWriter;
  readonly verdicts: OpcuaVerdicts;
  /** Null: no spectra are read of this device. */
  readonly ring: Station | null;
  readonly signal: AbortSignal;
}

interface Station {
  readonly device: RingDevice;
  readonly memory: RingMemory;
  readonly ports: RingPorts;
}

/** What was read of a ring outlives the sessions. */
function stationOf(device: OpcuaDeviceConfig, deps: OpcuaDriverDeps): Station | null {
  const { spectra, sink, log, clock } = deps;
  const { ring } = device;
  if (ring === undefined || spectra === undefined) return null;
  const sparing = new SparingLog(clock, RING_TROUBLE_EVERY_MS);
  return { device: { ...device, ring }, memory: createRingMemory(), ports: { spectra, sink, log, sparing } };
}

/** Nobody is to be told what nobody takes. */
function withoutRing(device: OpcuaDeviceConfig): OpcuaDeviceConfig {
  const { ring, ...rest } = device;
  return ring === undefined ? device : rest;
}

async function readForEver(device: OpcuaDeviceConfig, deps: OpcuaDriverDeps, run: Run): Promise<never> {
  let failures = 0;
  let told: string | null = null;
  while (true) {
    run.signal.throwIfAborted();
    const startMs = deps.clock.monotonicMs();
    const { reason, wasOnline } = await attempt(device, deps, run);
    if (wasOnline || reason !== told) {
      deps.log.warn({ device: device.id, reason }, 'the device is offline; it is tried again for ever');
      deps.sink.offline(device.id, reason);
      told = reason;
    }
    const settled = wasOnline && deps.clock.monotonicMs() - startMs > SETTLED_MS;
    failures = settled ? 0 : failures + 1;
    const pauseMs = backoffMs(RECONNECT_BACKOFF, Math.max(0, failures - 1), deps.entropy.random());
    await deps.clock.sleep(pauseMs, run.signal);
  }
}

/** One session, from the first packet to the last. @throws only when the signal aborts. */
async function attempt(
  device: OpcuaDeviceConfig,
  deps: OpcuaDriverDeps,
  { library, book, writer, verdicts, ring, signal }: Run,
): Promise<{ reason: string; wasOnline: boolean }> {
  const { clock, entropy, log, pki, sink } = deps;
  const outcome = await connect(device, { library, pki, clock, log }, signal);
  if (outcome.state === 'failed') {
    sink.incident(device.id, outcome.incident);
    return { reason: outcome.reason, wasOnline: false };
  }
  const { link } = outcome;
  // Asked to end, or ended by a broken invariant: the server is most likely still there.
  let listening = true;
  const ended = new AbortController();
  let reader: RingReader | null = null;
  try {
    log.info(
      { device: device.id, url: device.url, security: device.security.mode },
      'the device is connected',
    );
    book.forgetValues();
    const services = { session: link.session, library, clock, signal };
    const writing = { ...services, signal: AbortSignal.any([signal, ended.signal]) };
    if (ring !== null) reader = new RingReader(ring.device, writing, ring.memory, ring.ports);
    const ready = (namespaces: readonly string[], { nodesPerRead }: ServerLimits): void => {
      const access = new NodeAccess(writing, namespaces);
      writer.attach(access);
      verdicts.attach(access);
      reader?.begin(nodesPerRead);
    };
    const reason = await superviseSession({
      device,
      services,
      book,
      sink,
      entropy,
      log,
      lost: reader === null ? link.lost : Promise.race([link.lost, reader.spoilt]),
      ready,
      ringSeq: (data, known) => reader?.tell(data, known),
    });
    listening = false;
    return { reason, wasOnline: true };
  } finally {
    writer.detach();
    verdicts.detach();
    ended.abort();
    await reader?.ended();
    await link.close(listening);
  }
}
