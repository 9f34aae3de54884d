/** Runs drivers and servers for the length of a test. */
import { onTestFinished } from 'vitest';
import type { TagValue } from '@trame/protocol/tag';
import type { ModbusDeviceConfig } from '../../domain/line-config.ts';
import type { WriteOptions, WriteOutcome } from '../../ports/device-writer.ts';
import type { Log } from '../../ports/log.ts';
import type { Framing } from '../answer-frame.ts';
import { createModbusDrivers } from '../modbus-drivers.ts';
import { halfEntropy, realClock, RecordingSink, silentLog } from './real-ports.ts';
import { startScriptedServer, type Script, type ScriptedServer } from './scripted-server.ts';

interface Running {
  readonly sink: RecordingSink;
  readonly stop: () => Promise<void>;
  /** Writes to the first device, or the one of this id. */
  readonly write: (
    name: string,
    value: TagValue,
    options?: WriteOptions & { readonly device?: string },
    signal?: AbortSignal,
  ) => Promise<WriteOutcome>;
}

/** Runs drivers until the test ends, or until `stop` is called. */
export function run(...devices: ModbusDeviceConfig[]): Running {
  return runWithLog(silentLog, ...devices);
}

export function runWithLog(log: Log, ...devices: ModbusDeviceConfig[]): Running {
  const sink = new RecordingSink();
  const stopping = new AbortController();
  const ports = { sink, clock: realClock, entropy: halfEntropy, log };
  const drivers = createModbusDrivers(devices, ports);
  const ended = drivers.map(async (driver) => await driver.run(stopping.signal));
  const stop = async () => {
    stopping.abort();
    await Promise.all(ended);
  };
  onTestFinished(stop);
  const write: Running['write'] = (name, value, options = {}, signal = new AbortController().signal) => {
    const { device = devices[0]?.id, ...rest } = options;
    const driver = drivers.find((one) => one.device === device);
    if (driver === undefined) throw new Error(`no device ${device}`);
    return driver.writer.write(name, value, signal, rest);
  };
  return { sink, stop, write };
}

/** @param port 0 for a free one. */
export async function server(script: Script, framing: Framing = 'mbap', port = 0): Promise<ScriptedServer> {
  const started = await startScriptedServer(framing, script, port);
  onTestFinished(async () => await started[Symbol.asyncDispose]());
  return started;
}

/** Answers every read of registers with zeros. */
export const zeros: Script = (request) => request.answer(Buffer.alloc(request.count * 2));
