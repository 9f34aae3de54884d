/**
 * `alarms:` — what is beside, or instead of, the alarms that are there by themselves (`default-alarms.ts`): a list, or
 * `{ defaults: false, list: […] }` when none is to be there by itself. An entry with the id of one of those changes what it
 * names of it; `enabled: false` leaves it out.
 */
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import { defaultAlarms, type AlarmedLine } from '../domain/alarms/default-alarms.ts';
import { alarmEntry, type AlarmContext } from './alarms-entry.ts';
import { complete, listOf, readMap, type ConfigMap, type ConfigNode, type Reader } from './config-node.ts';
import { DeviceBook } from './device-book.ts';
import { boolean, Names } from './scalar-readers.ts';

/** Alarms of a line, those that are there by themselves included. */
const MAX_ALARMS = 512;
const SECTION_KEYS = ['defaults', 'list'] as const;

/** @param parts undefined: wrong, and said so; alarms are looked at once all of them are right. */
export function lineAlarms(
  map: ConfigMap,
  parts: { readonly [K in keyof AlarmedLine]: AlarmedLine[K] | undefined },
): readonly AlarmConfig[] | undefined {
  const line = complete<AlarmedLine>(parts);
  if (line === undefined) return undefined;
  const context = { line, book: new DeviceBook(line.devices) };
  return map.optional('alarms', alarms(context), defaultAlarms(line));
}

function alarms(context: AlarmContext): Reader<readonly AlarmConfig[]> {
  return (node) => {
    const map = node.isMap ? readMap(node, SECTION_KEYS) : null;
    if (map === undefined) return undefined;
    const isUsual = map?.optional('defaults', boolean, true) ?? true;
    const usual = isUsual ? defaultAlarms(context.line) : [];
    const list = map === null ? node : map.get('list');
    return list === null ? usual : readList(list, usual, context);
  };
}

function readList(
  node: ConfigNode,
  usual: readonly AlarmConfig[],
  context: AlarmContext,
): readonly AlarmConfig[] | undefined {
  const byId = new Map(usual.map((alarm) => [alarm.id, alarm]));
  const entries = listOf(alarmEntry(byId, new Names('alarm'), context), MAX_ALARMS)(node);
  if (entries === undefined) return undefined;
  for (const { id, alarm } of entries) {
    if (alarm === null) byId.delete(id);
    else byId.set(id, alarm);
  }
  if (byId.size <= MAX_ALARMS) return [...byId.values()];
  return node.fail(
    `expected at most ${MAX_ALARMS} alarms, those that are there by themselves included, got ${byId.size}`,
  );
}
