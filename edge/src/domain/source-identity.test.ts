import { describe, expect, it } from 'vitest';
import type { ModbusDeviceConfig, ModbusTag, OpcuaDeviceConfig } from './line-config.ts';
import { isSameTotal, sourceIdentity } from './source-identity.ts';

const COMMON = { name: 'total', unit: 'g', scale: 1, offset: 0, deadband: 0, range: null, writable: false };
const TAG: ModbusTag = {
  ...COMMON,
  register: 'holding',
  address: 5,
  type: 'uint64',
  byteOrder: 'ABCD',
  bit: null,
  lengthBytes: null,
};

function modbus(over: Partial<ModbusDeviceConfig> = {}, tag: Partial<ModbusTag> = {}): ModbusDeviceConfig {
  return {
    driver: 'modbus',
    id: 'plc',
    link: { kind: 'tcp', host: '10.0.0.5', port: 502 },
    unit: 1,
    limits: { maxWords: 100, maxGap: 0, pauseMs: 0, timeoutMs: 1000 },
    groups: [{ everyMs: 1000, staleAfterMs: 3000, tags: [{ ...TAG, ...tag }] }],
    writes: [],
    ...over,
  };
}

function opcua(id: string, url: string, node: string, name = 'total'): OpcuaDeviceConfig {
  return {
    driver: 'opcua',
    id,
    url,
    security: { mode: 'None', policy: 'None', user: null, passwordFile: null },
    publishingMs: 1000,
    staleAfterMs: 5000,
    tags: [{ ...COMMON, name, node, type: null, samplingMs: 1000, queue: 1 }],
    methods: [],
  };
}

function of(device: ModbusDeviceConfig | OpcuaDeviceConfig, tag = 'total') {
  const source = { device: device.id, tag };
  return { source, reads: sourceIdentity([device], source) };
}

describe('the same total', () => {
  it('stays the same under other names', () => {
    expect(isSameTotal(of(modbus()), of(modbus({ id: 'automate' }, { name: 'poids' }), 'poids'))).toBe(true);
    const url = 'opc.tcp://10.0.0.6:4840';
    expect(isSameTotal(of(opcua('plc', url, 'ns=2;s=T')), of(opcua('a', url, 'ns=2;s=T', 'p'), 'p'))).toBe(
      true,
    );
  });

  it.each([
    ['another host', modbus({ link: { kind: 'tcp', host: '10.0.0.7', port: 502 } })],
    ['another port', modbus({ link: { kind: 'tcp', host: '10.0.0.5', port: 503 } })],
    ['another unit identifier', modbus({ unit: 2 })],
    ['another table', modbus({}, { register: 'input' })],
    ['another register', modbus({}, { address: 6 })],
    ['another type', modbus({}, { type: 'uint32' })],
    ['another byte order', modbus({}, { byteOrder: 'CDAB' })],
    ['another unit', modbus({}, { unit: 'kg' })],
    ['another scale', modbus({}, { scale: 10 })],
    ['another offset', modbus({}, { offset: 1 })],
    ['another device', opcua('plc', 'opc.tcp://10.0.0.5:4840', 'ns=2;s=T')],
  ])('is not %s, whatever it is called', (_name, other) => {
    expect(isSameTotal(of(modbus()), of(other))).toBe(false);
  });

  it('is not another node, nor the same node of another server', () => {
    const url = 'opc.tcp://10.0.0.6:4840';
    const one = of(opcua('plc', url, 'ns=2;s=T'));
    expect(isSameTotal(one, of(opcua('plc', url, 'ns=2;s=U')))).toBe(false);
    expect(isSameTotal(one, of(opcua('plc', 'opc.tcp://10.0.0.8:4840', 'ns=2;s=T')))).toBe(false);
  });

  it('was kept without an address by earlier versions, and is known by its names and the rest', () => {
    const now = of(modbus());
    const reads = '[1,"holding",5,"uint64","ABCD","g",1,0]';
    expect(isSameTotal({ source: now.source, reads }, now)).toBe(true);
    expect(isSameTotal({ source: { device: 'old', tag: 'total' }, reads }, now)).toBe(false);
    expect(isSameTotal({ source: now.source, reads: reads.replace('5', '6') }, now)).toBe(false);
  });

  it('that is not configured is known by its names', () => {
    expect(sourceIdentity([modbus()], { device: 'plc', tag: 'gone' })).toBe('plc/gone');
    expect(sourceIdentity([], { device: 'plc', tag: 'total' })).toBe('plc/total');
  });
});
