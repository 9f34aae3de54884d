/** One driver at work on one test server, and how a test starts and ends it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TagValue } from '@trame/protocol/tag';
import type { OpcuaDeviceConfig, OpcuaTag } from '../domain/line-config.ts';
import type { WriteOptions, WriteOutcome } from '../ports/device-writer.ts';
import type { SpectrumSink } from '../ports/spectrum-source.ts';
import type { SorterVerdict } from '../ports/verdict-writer.ts';
import { systemClock } from '../system/clock.ts';
import { systemEntropy } from '../system/entropy.ts';
import { createOpcuaDriver } from './opcua-driver.ts';
import { createOpcuaPki } from './pki.ts';
import { TestLog, TestSink } from './test-sink.ts';

export const TEST_NAMESPACE = 'urn:trame:test';

export function testTag(name: string, changes: Partial<OpcuaTag> = {}): OpcuaTag {
  return {
    name,
    node: `nsu=${TEST_NAMESPACE};s=${name}`,
    type: null,
    unit: null,
    scale: 1,
    offset: 0,
    deadband: 0,
    range: null,
    writable: false,
    samplingMs: 50,
    queue: 5,
    ...changes,
  };
}

export function testDevice(
  url: string,
  tags: readonly OpcuaTag[],
  changes: Partial<OpcuaDeviceConfig> = {},
): OpcuaDeviceConfig {
  return {
    driver: 'opcua',
    id: 'plc',
    url,
    security: { mode: 'None', policy: 'None', user: null, passwordFile: null },
    publishingMs: 100,
    staleAfterMs: 2000,
    tags,
    methods: [],
    ...changes,
  };
}

export interface RunningDriver extends AsyncDisposable {
  readonly sink: TestSink;
  readonly log: TestLog;
  /** Ends the driver; resolves when its resources are closed. */
  stop(): Promise<void>;
  write(name: string, value: TagValue, options?: WriteOptions, signal?: AbortSignal): Promise<WriteOutcome>;
  call(name: string, args?: readonly TagValue[]): Promise<WriteOutcome>;
  give(verdicts: readonly SorterVerdict[], signal?: AbortSignal): Promise<WriteOutcome>;
}

export function runDriver(
  device: OpcuaDeviceConfig,
  pkiDirectory: string,
  spectra?: SpectrumSink,
): RunningDriver {
  const sink = new TestSink();
  const log = new TestLog();
  const stopping = new AbortController();
  const pki = createOpcuaPki(
    { directory: pkiDirectory, applicationUri: 'urn:trame:edge:test:tri-1', hostname: 'localhost' },
    systemClock,
  );
  const ports = { sink, log, clock: systemClock, entropy: systemEntropy, pki };
  const driver = createOpcuaDriver(device, { ...ports, ...(spectra === undefined ? {} : { spectra }) });
  const running = driver.run(stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  const { writer, verdicts } = driver;
  const never = new AbortController().signal;
  return {
    sink,
    log,
    stop,
    write: (name, value, options, signal = never) => writer.write(name, value, signal, options),
    call: (name, args = []) => writer.call(name, args, never),
    give: (given, signal = never) => verdicts.give(given, signal),
    [Symbol.asyncDispose]: stop,
  };
}

export interface TestFolder extends AsyncDisposable {
  readonly path: string;
}

export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'trame-opcua-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
