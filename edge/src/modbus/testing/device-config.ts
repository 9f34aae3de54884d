/** Short ways to a trusted configuration. */
import type { ModbusDeviceConfig, ModbusLink, ModbusTag, ModbusWrite } from '../../domain/line-config.ts';

export function tag(name: string, address: number, parts: Partial<ModbusTag> = {}): ModbusTag {
  return {
    name,
    address,
    register: 'holding',
    type: 'uint16',
    byteOrder: 'ABCD',
    bit: null,
    lengthBytes: null,
    unit: null,
    scale: 1,
    offset: 0,
    deadband: 0,
    range: null,
    writable: false,
    ...parts,
  };
}

export function writeOf(name: string, address: number, parts: Partial<ModbusWrite> = {}): ModbusWrite {
  return {
    name,
    address,
    register: 'holding',
    type: 'uint16',
    byteOrder: 'ABCD',
    readbackMs: 300,
    range: null,
    ...parts,
  };
}

export function device(
  link: ModbusLink,
  tags: readonly ModbusTag[],
  parts: Partial<ModbusDeviceConfig> & { readonly everyMs?: number; readonly timeoutMs?: number } = {},
): ModbusDeviceConfig {
  const { everyMs = 50, timeoutMs = 200, ...rest } = parts;
  return {
    driver: 'modbus',
    id: 'scale',
    link,
    unit: 1,
    limits: { maxWords: 125, maxGap: 8, pauseMs: 0, timeoutMs },
    groups: [{ everyMs, staleAfterMs: 2000, tags }],
    writes: [],
    ...rest,
  };
}

export function tcp(port: number): ModbusLink {
  return { kind: 'tcp', host: '127.0.0.1', port };
}

export function rtuTcp(port: number): ModbusLink {
  return { kind: 'rtu-tcp', host: '127.0.0.1', port };
}

export function serial(path: string): ModbusLink {
  return { kind: 'serial', path, baud: 19_200, parity: 'none', dataBits: 8, stopBits: 1 };
}
