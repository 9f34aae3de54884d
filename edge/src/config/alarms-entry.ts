/** One entry of `alarms:`. */
import { ALARM_PRIORITIES, ALARM_SOURCES, type AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import { type AlarmedLine } from '../domain/alarms/default-alarms.ts';
import { PLAIN_ALARM } from '../domain/alarms/plain-alarm.ts';
import { readAlarmSubject } from './alarms-subject.ts';
import { condition } from './condition.ts';
import { complete, listOf, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { LABEL_CHARS_MAX, shownText, words } from './control-scalars.ts';
import type { DeviceBook } from './device-book.ts';
import { boolean, durationMs, finiteNumber, identifier, oneOf, type Names } from './scalar-readers.ts';
import { deviceOf } from './target-refs.ts';
import { unknown } from './tag-refs.ts';

export interface AlarmContext {
  readonly line: AlarmedLine;
  readonly book: DeviceBook;
}

export interface AlarmEntry {
  readonly id: string;
  /** Null: it is left out. */
  readonly alarm: AlarmConfig | null;
}

const ENTRY_KEYS = [
  'id',
  'enabled',
  'priority',
  'label',
  'cause',
  'consequence',
  'response',
  'when',
  'source',
  'of',
  'limit',
  'deadband',
  'onDelay',
  'offDelay',
  'latching',
  'unless',
  'group',
  'station',
  'device',
] as const;
const MAX_UNLESS = 8;
const MAX_DELAY_MS = 3_600_000;
/** What one may name of an alarm whose condition comes from its source. */
const SOURCES = ALARM_SOURCES.filter((source) => source !== 'tag');

/** @param usual alarms that are there by themselves, by id. */
export function alarmEntry(
  usual: ReadonlyMap<string, AlarmConfig>,
  names: Names,
  context: AlarmContext,
): Reader<AlarmEntry> {
  return (node) => {
    const map = readMap(node, ENTRY_KEYS);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    if (id === undefined || !names.claim(id, map.get('id') ?? node)) return undefined;
    const known = usual.get(id) ?? null;
    const isEnabled = map.optional('enabled', boolean, true);
    if (isEnabled === undefined) return undefined;
    if (!isEnabled) return { id, alarm: null };
    const alarm = known === null ? newAlarm(id, map, context) : changedAlarm(known, map, context);
    return alarm === undefined || !hasSenseOfDelays(alarm, map) ? undefined : { id, alarm };
  };
}

function newAlarm(id: string, map: ConfigMap, context: AlarmContext): AlarmConfig | undefined {
  const { book } = context;
  const hasTag = map.get('when') !== null;
  const written = map.get('source');
  if (hasTag === (written !== null)) {
    return map.at.fail(
      `expected either when, a comparison on a tag, or source, what Trame watches itself: ` +
        `this line has no alarm «${id}» by itself that could be changed`,
    );
  }
  const source: AlarmSource | undefined = hasTag ? 'tag' : map.required('source', oneOf(SOURCES));
  const when = map.optional('when', condition(book, null), null);
  if (source === undefined || when === undefined) return undefined;
  const shown = complete<Pick<AlarmConfig, 'priority' | 'label' | 'cause' | 'consequence' | 'response'>>({
    priority: map.required('priority', oneOf(ALARM_PRIORITIES)),
    label: map.required('label', shownText('a label', LABEL_CHARS_MAX)),
    cause: map.required('cause', words),
    consequence: map.required('consequence', words),
    response: map.required('response', words),
  });
  const subject = readAlarmSubject(map, source, when, context.line);
  if (shown === undefined || subject === undefined) return undefined;
  const base: AlarmConfig = { ...PLAIN_ALARM, ...shown, ...subject, id, source, when };
  return withOptions({ ...base, device: when?.tag.device ?? subject.device }, map, context);
}

function changedAlarm(known: AlarmConfig, map: ConfigMap, context: AlarmContext): AlarmConfig | undefined {
  for (const key of ['when', 'source', 'of', 'deadband', 'device']) {
    map.get(key)?.fail(`${known.id} is there by itself: its ${key} cannot be changed`);
    if (map.get(key) !== null) return undefined;
  }
  const limit = map.get('limit');
  if (limit !== null && known.limit === null)
    return limit.fail(`limit has no meaning with source ${known.source}`);
  const changed = complete<Pick<AlarmConfig, 'priority' | 'label' | 'cause' | 'consequence' | 'response'>>({
    priority: map.optional('priority', oneOf(ALARM_PRIORITIES), known.priority),
    label: map.optional('label', shownText('a label', LABEL_CHARS_MAX), known.label),
    cause: map.optional('cause', words, known.cause),
    consequence: map.optional('consequence', words, known.consequence),
    response: map.optional('response', words, known.response),
  });
  const limited = map.optional('limit', finiteNumber, known.limit);
  if (changed === undefined || limited === undefined) return undefined;
  return withOptions({ ...known, ...changed, limit: limited }, map, context);
}

function withOptions(
  alarm: AlarmConfig,
  map: ConfigMap,
  { book, line }: AlarmContext,
): AlarmConfig | undefined {
  const stations = line.roles.description.stations.map(({ id }) => id);
  const station: Reader<string> = (node) => {
    const id = identifier(node);
    if (id === undefined || stations.includes(id)) return id;
    return node.fail(unknown('station', id, stations));
  };
  const delay = durationMs(0, MAX_DELAY_MS);
  const options = complete<
    Pick<AlarmConfig, 'onDelayMs' | 'offDelayMs' | 'latching' | 'unless' | 'group' | 'station' | 'device'>
  >({
    onDelayMs: map.optional('onDelay', delay, alarm.onDelayMs),
    offDelayMs: map.optional('offDelay', delay, alarm.offDelayMs),
    latching: map.optional('latching', boolean, alarm.latching),
    unless: map.optional(
      'unless',
      listOf(condition(book, alarm.when?.tag.device ?? null), MAX_UNLESS),
      alarm.unless,
    ),
    group: map.optional('group', identifier, alarm.group),
    station: map.optional('station', station, alarm.station),
    device: map.optional('device', deviceOf(book), alarm.device),
  });
  return options === undefined ? undefined : { ...alarm, ...options };
}

/** What is reported has been judged by whoever reports it. */
function hasSenseOfDelays({ source }: AlarmConfig, map: ConfigMap): boolean {
  if (source !== 'reported') return true;
  const delays = ['onDelay', 'offDelay'].flatMap((key) => map.get(key) ?? []);
  for (const node of delays) node.fail('a reported alarm has no delay: it comes up when it is reported');
  return delays.length === 0;
}
