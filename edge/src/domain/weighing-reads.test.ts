import { expect, it } from 'vitest';
import type { ModbusDeviceConfig, ModbusTag, OpcuaDeviceConfig, OpcuaTag } from './line-config.ts';
import { ALIBI, ScaleBench, TOTALISER } from './test-weighing.ts';
import { scaleReads } from './weighing-reads.ts';

const COMMON = { unit: 'kg', scale: 1, offset: 0, deadband: 0, range: null, writable: false };

function register(name: string, more: Partial<ModbusTag> = {}): ModbusTag {
  const where = { register: 'holding', address: 10, type: 'uint32', byteOrder: 'ABCD' } as const;
  return { name, ...COMMON, ...where, bit: null, lengthBytes: null, ...more };
}

function modbus(tags: readonly ModbusTag[], host = 'scale'): ModbusDeviceConfig {
  const limits = { maxWords: 100, maxGap: 0, pauseMs: 0, timeoutMs: 1000 };
  const link = { kind: 'tcp', host, port: 502 } as const;
  return {
    driver: 'modbus',
    id: 'd',
    link,
    unit: 1,
    limits,
    groups: [{ everyMs: 1, staleAfterMs: 1, tags }],
    writes: [],
  };
}

function node(name: string): OpcuaTag {
  return { name, ...COMMON, node: `ns=1;s=${name}`, type: null, samplingMs: 100, queue: 1 };
}

const TAGS = [register('alibi'), register('alibiWeight'), register('weighings'), register('total')];
const { config: alibi } = new ScaleBench({ ...ALIBI, total: 'total' });
const { config: totaliser } = new ScaleBench(TOTALISER);

it('names and hosts do not change how a scale is read', () => {
  const before = scaleReads([modbus(TAGS)], alibi);
  const renamed = TAGS.map((tag) => ({ ...tag, name: tag.name === 'total' ? 'sum' : tag.name }));
  expect(scaleReads([modbus(renamed, 'elsewhere')], { ...alibi, total: 'sum' })).toStrictEqual(before);
});

it.each([
  ['alibi', { address: 12 }, ['number']],
  ['alibiWeight', { unit: 'g' }, ['grams']],
  ['alibiWeight', { scale: 0.01 }, ['grams']],
  ['total', { byteOrder: 'CDAB' }, ['total']],
  ['total', { offset: 5 }, ['total']],
  ['weighings', { address: 12 }, []],
] as const)('%s with %j is read otherwise: %j', (name, more, changed) => {
  const tags = TAGS.map((tag) => (tag.name === name ? { ...tag, ...more } : tag));
  const before = scaleReads([modbus(TAGS)], alibi);
  const after = scaleReads([modbus(tags)], alibi);
  const keys = ['number', 'grams', 'total'] as const;
  expect(keys.filter((key) => before[key] !== after[key])).toStrictEqual(changed);
});

it('a totaliser is read by its count and its sum, over OPC UA by their nodes', () => {
  const security = { mode: 'None', policy: 'None', user: null, passwordFile: null } as const;
  const device: OpcuaDeviceConfig = {
    driver: 'opcua',
    id: 'd',
    url: 'opc.tcp://plc',
    security,
    publishingMs: 100,
    staleAfterMs: 1000,
    tags: [node('weighings'), node('total')],
    methods: [],
  };
  const { number, grams, total } = scaleReads([device], totaliser);
  expect([number, grams, total]).toStrictEqual([
    '["ns=1;s=weighings","kg",1,0]',
    '["ns=1;s=total","kg",1,0]',
    null,
  ]);
});
