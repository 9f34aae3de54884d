/** Runs drivers and servers for the length of a test. */
import { onTestFinished } from 'vitest';
import type { ModbusDeviceConfig } from '../../domain/line-config.ts';
import type { Log } from '../../ports/log.ts';
import type { Framing } from '../answer-frame.ts';
import { createModbusDrivers } from '../modbus-drivers.ts';
import { halfEntropy, realClock, RecordingSink, silentLog } from './real-ports.ts';
import { startScriptedServer, type Script, type ScriptedServer } from './scripted-server.ts';

interface Running {
  readonly sink: RecordingSink;
  readonly stop: () => Promise<void>;
}

/** Runs drivers until the test ends, or until `stop` is called. */
export function run(...devices: ModbusDeviceConfig[]): Running {
  return runWithLog(silentLog, ...devices);
}

export function runWithLog(log: Log, ...devices: ModbusDeviceConfig[]): Running {
  const sink = new RecordingSink();
  const stopping = new AbortController();
  const ports = { sink, clock: realClock, entropy: halfEntropy, log };
  const ended = createModbusDrivers(devices, ports).map(async (driver) => await driver.run(stopping.signal));
  const stop = async () => {
    stopping.abort();
    await Promise.all(ended);
  };
  onTestFinished(stop);
  return { sink, stop };
}

/** @param port 0 for a free one. */
export async function server(script: Script, framing: Framing = 'mbap', port = 0): Promise<ScriptedServer> {
  const started = await startScriptedServer(framing, script, port);
  onTestFinished(async () => await started[Symbol.asyncDispose]());
  return started;
}

/** Answers every read of registers with zeros. */
export const zeros: Script = (request) => request.answer(Buffer.alloc(request.count * 2));
