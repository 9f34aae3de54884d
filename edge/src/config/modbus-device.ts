/** A device that is read over Modbus. */
import { BYTE_ORDERS, type TagType } from '@trame/protocol/tag';
import type { ModbusDeviceConfig, ModbusGroup, ModbusLimits, ModbusTag } from '../domain/line-config.ts';
import { complete, listOf, readMap, type ConfigMap, type Reader } from './config-node.ts';
import {
  MAX_GROUPS_PER_DEVICE,
  MAX_PERIOD_MS,
  MAX_TAGS_PER_DEVICE,
  MAX_WRITES_PER_DEVICE,
  MIN_PERIOD_MS,
} from './limits.ts';
import { readLife } from './life-counter.ts';
import { modbusTag, modbusWrite, type ModbusTagDefaults } from './modbus-tag.ts';
import { modbusLink } from './modbus-url.ts';
import { durationMs, identifier, integer, Names, oneOf } from './scalar-readers.ts';

const DEVICE_KEYS = [
  'id',
  'label',
  'driver',
  'url',
  'unit',
  'addressBase',
  'byteOrder',
  'limits',
  'life',
  'groups',
  'tags',
  'writes',
] as const;
const LIMIT_KEYS = ['maxWords', 'maxGap', 'pauseMs', 'timeoutMs'] as const;
const GROUP_KEYS = ['every', 'staleAfter', 'tags'] as const;

/** «MODBUS Application Protocol» 1.1b3 §6.3: 125 registers in one answer. */
const MAX_WORDS = 125;
const DEFAULT_LIMITS: ModbusLimits = { maxWords: MAX_WORDS, maxGap: 8, pauseMs: 0, timeoutMs: 1000 };
const DEFAULT_UNIT = 1;
const DEFAULT_EVERY_MS = 1000;
/** A value is stale when three reads in a row did not come, but never sooner than this. */
const STALE_AFTER_PERIODS = 3;
const MIN_STALE_AFTER_MS = 2000;

export function modbusDevice(
  onTag: (name: string, type: TagType | null) => void,
): Reader<ModbusDeviceConfig> {
  return (node) => {
    const map = readMap(node, DEVICE_KEYS);
    if (map === undefined) return undefined;
    const addressBase = map.optional('addressBase', oneOf([0, 1] as const), 0 as const);
    const byteOrder = map.optional('byteOrder', oneOf(BYTE_ORDERS), 'ABCD' as const);
    const limits = map.optional('limits', readLimits, DEFAULT_LIMITS);
    const defaults = {
      addressBase: addressBase ?? 0,
      byteOrder: byteOrder ?? 'ABCD',
      maxWords: limits?.maxWords ?? MAX_WORDS,
    };
    const forTags = { ...defaults, names: new Names('tag'), onName: onTag };
    const forWrites = { ...defaults, names: new Names('write'), onName: () => undefined };
    const url = map.required('url', modbusLink);
    const unit = map.optional('unit', integer('a unit', 0, 255), DEFAULT_UNIT);
    if (url !== undefined && url.kind !== 'tcp' && unit !== undefined && (unit === 0 || unit > 247)) {
      map.get('unit')?.fail(`a serial line has units 1 to 247 (0 is for broadcasts), got ${unit}`);
    }
    const groups = readGroups(map, forTags, limits ?? DEFAULT_LIMITS);
    const tags = groups?.flatMap((group) => group.tags);
    const life = readLife(map, tags);
    const write = modbusWrite(forWrites, tags ?? []);
    const device = complete<ModbusDeviceConfig>({
      driver: 'modbus',
      id: map.required('id', identifier),
      link: url,
      unit,
      limits,
      groups,
      writes: map.optional('writes', listOf(write, MAX_WRITES_PER_DEVICE), []),
    });
    return device === undefined || life === undefined ? undefined : { ...device, ...life };
  };
}

const readLimits: Reader<ModbusLimits> = (node) => {
  const map = readMap(node, LIMIT_KEYS);
  if (map === undefined) return undefined;
  return complete<ModbusLimits>({
    maxWords: map.optional('maxWords', integer('registers in one request', 1, MAX_WORDS), MAX_WORDS),
    maxGap: map.optional('maxGap', integer('unused registers', 0, MAX_WORDS), DEFAULT_LIMITS.maxGap),
    pauseMs: map.optional('pauseMs', integer('milliseconds', 0, 60_000), DEFAULT_LIMITS.pauseMs),
    timeoutMs: map.optional('timeoutMs', integer('milliseconds', 10, 60_000), DEFAULT_LIMITS.timeoutMs),
  });
};

function readGroups(
  map: ConfigMap,
  tags: ModbusTagDefaults,
  limits: ModbusLimits,
): ModbusGroup[] | undefined {
  const group = readGroup(tags, limits.timeoutMs);
  const plain = map.get('tags');
  const written = map.get('groups');
  if (plain !== null && written !== null)
    return plain.fail('tags stand either here or in groups, not in both');
  if (plain !== null) {
    const list = readTags(tags)(plain);
    return list === undefined ? undefined : [{ ...cadence(DEFAULT_EVERY_MS, limits.timeoutMs), tags: list }];
  }
  const groups = map.required('groups', listOf(group, MAX_GROUPS_PER_DEVICE));
  if (groups !== undefined && groups.length === 0) return written?.fail('expected at least one group');
  return groups;
}

function readGroup(tags: ModbusTagDefaults, timeoutMs: number): Reader<ModbusGroup> {
  return (node) => {
    const map = readMap(node, GROUP_KEYS);
    if (map === undefined) return undefined;
    const period = durationMs(MIN_PERIOD_MS, MAX_PERIOD_MS);
    const everyMs = map.required('every', period);
    const usual = everyMs === undefined ? 0 : cadence(everyMs, timeoutMs).staleAfterMs;
    const staleAfterMs = map.optional('staleAfter', durationMs(MIN_PERIOD_MS, 4 * MAX_PERIOD_MS), usual);
    if (everyMs !== undefined && staleAfterMs !== undefined && staleAfterMs <= everyMs) {
      map.get('staleAfter')?.fail(`expected longer than every (${everyMs} ms): each value would be stale`);
    }
    return complete<ModbusGroup>({ everyMs, staleAfterMs, tags: map.required('tags', readTags(tags)) });
  };
}

function readTags(defaults: ModbusTagDefaults): Reader<ModbusTag[]> {
  const list = listOf(modbusTag(defaults), MAX_TAGS_PER_DEVICE);
  return (node) => {
    const tags = list(node);
    return tags !== undefined && tags.length === 0 ? node.fail('expected at least one tag') : tags;
  };
}

function cadence(everyMs: number, timeoutMs: number): { everyMs: number; staleAfterMs: number } {
  return { everyMs, staleAfterMs: Math.max(STALE_AFTER_PERIODS * everyMs + timeoutMs, MIN_STALE_AFTER_MS) };
}
