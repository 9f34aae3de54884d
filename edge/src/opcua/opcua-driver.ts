/** The OPC UA driver: one device, read for ever. */
import type { OpcuaDeviceConfig } from '../domain/line-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceDriver, DeviceSink } from '../ports/device.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { backoffMs, RECONNECT_BACKOFF } from './backoff.ts';
import { connect } from './connect.ts';
import { loadOpcuaLibrary, type OpcuaLibrary } from './library.ts';
import type { OpcuaPki } from './pki.ts';
import { NodeAccess } from './node-access.ts';
import { OpcuaWriter } from './opcua-writer.ts';
import { superviseSession } from './supervise-session.ts';
import { createTagBook, type TagBook } from './tag-book.ts';

export interface OpcuaDriverDeps {
  readonly sink: DeviceSink;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** One for all OPC UA devices of the edge. */
  readonly pki: OpcuaPki;
}

export interface OpcuaDriver extends DeviceDriver {
  readonly writer: OpcuaWriter;
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
  return {
    device: device.id,
    writer,
    async run(signal) {
      const library = await loadOpcuaLibrary(deps.log);
      const book = createTagBook(device, deps.sink, deps.log);
      try {
        await readForEver(device, deps, { library, book, writer, signal });
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
  readonly signal: AbortSignal;
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
  { library, book, writer, signal }: Run,
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
  try {
    log.info(
      { device: device.id, url: device.url, security: device.security.mode },
      'the device is connected',
    );
    book.forgetValues();
    const services = { session: link.session, library, clock, signal };
    const writing = { ...services, signal: AbortSignal.any([signal, ended.signal]) };
    const ready = (namespaces: readonly string[]): void => writer.attach(new NodeAccess(writing, namespaces));
    const { lost } = link;
    const reason = await superviseSession({ device, services, book, sink, entropy, log, lost, ready });
    listening = false;
    return { reason, wasOnline: true };
  } finally {
    writer.detach();
    ended.abort();
    await link.close(listening);
  }
}
