/** Composes the drivers of a line's devices, and keeps them driving. */
import { hostname } from 'node:os';
import type { LineConfig } from './domain/line-config.ts';
import { WRITE_WORDS } from './domain/write-words.ts';
import { createModbusDrivers } from './modbus/modbus-drivers.ts';
import type { ModbusWriter } from './modbus/modbus-writer.ts';
import { createOpcuaDriver } from './opcua/opcua-driver.ts';
import type { OpcuaVerdicts } from './opcua/opcua-verdicts.ts';
import type { OpcuaWriter } from './opcua/opcua-writer.ts';
import { createOpcuaPki } from './opcua/pki.ts';
import type { Clock } from './ports/clock.ts';
import type { DeviceDriver, DeviceSink } from './ports/device.ts';
import type { DeviceWriter, WriteOutcome } from './ports/device-writer.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { slept } from './ports/slept.ts';
import type { SpectrumSink } from './ports/spectrum-source.ts';
import type { VerdictWriter } from './ports/verdict-writer.ts';
import { opcuaPkiDir } from './system/data-layout.ts';

export interface DriverOptions {
  readonly config: LineConfig;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Who takes the spectra of stations; absent: they are not read. */
  readonly spectra?: SpectrumSink;
}

/** Wait before a driver whose invariant broke is started again, ms. */
const DRIVER_RESTART_MS = 5000;

export interface Drivers {
  readonly drivers: readonly DeviceDriver[];
  /** One for all of them. */
  readonly writer: DeviceWriter;
  /** One for all of them. */
  readonly verdicts: VerdictWriter;
}

export function createDrivers(options: DriverOptions, sink: DeviceSink): Drivers {
  const { config, clock, entropy, log, dataDir, spectra } = options;
  const modbus = config.devices.filter((device) => device.driver === 'modbus');
  const opcua = config.devices.filter((device) => device.driver === 'opcua');
  const pki = createOpcuaPki(
    {
      directory: opcuaPkiDir(dataDir),
      applicationUri: `urn:trame:edge:${config.site}:${config.line}`,
      hostname: hostname(),
    },
    clock,
  );
  const modbusDrivers = createModbusDrivers(modbus, { sink, clock, entropy, log });
  const ports = { sink, clock, entropy, log, pki, ...(spectra === undefined ? {} : { spectra }) };
  const opcuaDrivers = opcua.map((device) => createOpcuaDriver(device, ports));
  return {
    drivers: [...modbusDrivers, ...opcuaDrivers],
    writer: writerOf(byDevice(modbusDrivers), byDevice(opcuaDrivers)),
    verdicts: verdictsOf(
      modbus.map(({ id }) => id),
      new Map(opcuaDrivers.map((driver) => [driver.device, driver.verdicts])),
    ),
  };
}

function byDevice<T extends { readonly device: string; readonly writer: unknown }>(
  drivers: readonly T[],
): ReadonlyMap<string, T['writer']> {
  return new Map(drivers.map(({ device, writer }) => [device, writer]));
}

function writerOf(
  modbus: ReadonlyMap<string, ModbusWriter>,
  opcua: ReadonlyMap<string, OpcuaWriter>,
): DeviceWriter {
  return {
    write: async ({ device, tag }, value, signal, options) => {
      const writer = modbus.get(device) ?? opcua.get(device);
      if (writer === undefined) return refused(WRITE_WORDS.unknownDevice(device));
      return await writer.write(tag, value, signal, options);
    },
    call: async ({ device, method }, args, signal) => {
      const writer = opcua.get(device);
      if (writer !== undefined) return await writer.call(method, args, signal);
      return refused(modbus.has(device) ? WRITE_WORDS.noMethods(device) : WRITE_WORDS.unknownDevice(device));
    },
  };
}

function verdictsOf(modbus: readonly string[], opcua: ReadonlyMap<string, OpcuaVerdicts>): VerdictWriter {
  return {
    give: async (device, verdicts, signal) => {
      const sorter = opcua.get(device);
      if (sorter !== undefined) return await sorter.give(verdicts, signal);
      const isKnown = modbus.includes(device);
      return refused(isKnown ? WRITE_WORDS.noVerdicts(device) : WRITE_WORDS.unknownDevice(device));
    },
  };
}

function refused(reason: string): WriteOutcome {
  return { kind: 'refused', reason };
}

/** A driver tells its failures to the sink; one that rejects is broken, is told, and is started again. */
export async function keepDriving(
  driver: DeviceDriver,
  sink: DeviceSink,
  { clock, log }: Pick<DriverOptions, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await driver.run(signal);
    } catch (error) {
      log.error({ device: driver.device, error }, 'the driver broke and is started again');
      sink.offline(driver.device, 'the driver of this device failed; it is started again');
    }
    if (!(await slept(clock, DRIVER_RESTART_MS, signal))) return;
  }
}
