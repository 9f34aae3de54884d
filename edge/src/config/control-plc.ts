/** The PLC that sequences the line: what it is asked by, what it says, and what Trame tells it of itself. */
import {
  LINE_MODES,
  LOCAL_ENABLE_MS,
  MODE_NUMBERS,
  WARNING_MIN_MS,
} from '@trame/protocol/control/control-names';
import { LINE_STATES, type LineStateName } from '@trame/protocol/ledger-payloads';
import type { PlcConfig } from '../domain/control/control-config.ts';
import type { RolesConfig } from '../domain/line-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { readChannel } from './control-channel.ts';
import { wholeKey, words } from './control-scalars.ts';
import type { DeviceBook } from './device-book.ts';
import { durationMs, integer, Names, oneOf } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';
import { tagRef, type Kind, type Use } from './target-refs.ts';

/** Keys of `control:` that say something of the PLC. */
export const PLC_KEYS = [
  'methods',
  'handshake',
  'states',
  'mode',
  'remote',
  'localEnable',
  'enableWithin',
  'warning',
  'life',
  'stationWithin',
] as const;

const MAX_NUMBER = 65_535;
const MAX_STATES = 64;
const MIN_ENABLE_MS = 1000;
const MAX_WARNING_MS = 60_000;
const DEFAULT_LIFE_MS = 500;
const MIN_LIFE_MS = 100;
const MAX_LIFE_MS = 10_000;
const DEFAULT_STATION_MS = 10_000;
const MIN_STATION_MS = 500;
const MAX_STATION_MS = 5 * 60_000;

/** @returns null when the line has no PLC that is asked for anything; undefined when it is wrong. */
export function readPlc(
  map: ConfigMap,
  device: string | null | undefined,
  roles: RolesConfig,
  book: DeviceBook,
): PlcConfig | null | undefined {
  const written = PLC_KEYS.map((key) => map.get(key)).filter((node) => node !== null);
  if (written.length === 0) return null;
  if (device === null) return map.at.missing('device');
  const channel = readChannel(map, device, book);
  if (channel === null) {
    return map.at.fail(
      'a PLC is asked by methods or by a handshake: write one, or leave out what concerns the PLC',
    );
  }
  if (roles.lineState === null) {
    return map.at.fail(
      'nothing is commanded without knowing the state: write roles.line with its tag packML',
    );
  }
  if (device === undefined) return undefined;
  const tag = (kind: Kind, use: Use) => tagRef({ book, device, kind, use });
  const parts = complete<PlcConfig>({
    device,
    channel,
    mode: map.optional('mode', readMode(device, book), null),
    remote: map.optional('remote', tag('a bool', 'read'), null),
    localEnable: map.optional('localEnable', tag('a bool', 'read'), null),
    enableWithinMs: map.optional('enableWithin', durationMs(MIN_ENABLE_MS, LOCAL_ENABLE_MS), LOCAL_ENABLE_MS),
    warning: map.optional('warning', readWarning(tag('a bool', 'read')), null),
    life: map.optional('life', readLife(tag('a whole number', 'written')), null),
    stationWithinMs: map.optional(
      'stationWithin',
      durationMs(MIN_STATION_MS, MAX_STATION_MS),
      DEFAULT_STATION_MS,
    ),
  });
  if (parts?.localEnable === null) {
    map.at.warn('without localEnable a start and an unhold are always refused');
  }
  return parts;
}

/** What the numbers of the line's state mean, where they are not PackML's own. */
export const readStates: Reader<ReadonlyMap<number, LineStateName>> = (node) => {
  const pairs = node.pairs('a map from the number that the PLC says to a state', MAX_STATES);
  if (pairs === undefined) return undefined;
  const states = new Map<number, LineStateName>();
  let right = true;
  for (const [key, at, value] of pairs) {
    const number = wholeKey(key, at, 0, MAX_NUMBER);
    const state = oneOf(LINE_STATES)(value);
    if (number === undefined || state === undefined) right = false;
    else states.set(number, state);
  }
  return right ? states : undefined;
};

type Mode = NonNullable<PlcConfig['mode']>;

function readMode(device: string, book: DeviceBook): Reader<Mode> {
  const number = (use: Use) => tagRef({ book, device, kind: 'a whole number', use });
  return (node) => {
    const map = readMap(node, ['tag', 'write', 'method', 'numbers']);
    if (map === undefined) return undefined;
    const write = map.get('write');
    const method = map.get('method');
    if (write !== null && method !== null) {
      return method.fail('a mode is asked for by a tag or by a method, not by both: leave one out');
    }
    const tag = map.optional('write', number('written'), null);
    const name = map.optional('method', readMethod(device, book), null);
    if (tag === undefined || name === undefined) return undefined;
    const byMethod = name === null ? null : ({ kind: 'method', method: name } as const);
    return complete<Mode>({
      tag: map.required('tag', number('read')),
      ask: tag === null ? byMethod : { kind: 'tag', tag },
      numbers: map.optional('numbers', readNumbers, MODE_NUMBERS),
    });
  };
}

function readMethod(device: string, book: DeviceBook): Reader<string> {
  return (node) => {
    const known = book.methods(device);
    const name = node.scalar;
    if (typeof name === 'string' && known.includes(name)) return name;
    return node.fail(unknown(`method of ${device}`, String(name), known));
  };
}

const readNumbers: Reader<Mode['numbers']> = (node) => {
  const map = readMap(node, LINE_MODES);
  if (map === undefined) return undefined;
  const used = new Names('mode number');
  const numbers: Record<string, number> = {};
  let right = true;
  for (const mode of LINE_MODES) {
    const at = map.get(mode);
    if (at === null) continue;
    const number = integer('a mode number', 0, MAX_NUMBER)(at);
    if (number === undefined || !used.claim(String(number), at)) right = false;
    else numbers[mode] = number;
  }
  return right ? numbers : undefined;
};

function readWarning(
  tag: Reader<NonNullable<PlcConfig['warning']>['tag']>,
): Reader<NonNullable<PlcConfig['warning']>> {
  return (node) => {
    const map = readMap(node, ['tag', 'atLeast']);
    if (map === undefined) return undefined;
    return complete<NonNullable<PlcConfig['warning']>>({
      tag: map.required('tag', tag),
      atLeastMs: map.optional('atLeast', durationMs(WARNING_MIN_MS, MAX_WARNING_MS), WARNING_MIN_MS),
    });
  };
}

function readLife(
  tag: Reader<NonNullable<PlcConfig['life']>['write']>,
): Reader<NonNullable<PlcConfig['life']>> {
  return (node) => {
    const map = readMap(node, ['write', 'every', 'reaction']);
    if (map === undefined) return undefined;
    return complete<NonNullable<PlcConfig['life']>>({
      write: map.required('write', tag),
      everyMs: map.optional('every', durationMs(MIN_LIFE_MS, MAX_LIFE_MS), DEFAULT_LIFE_MS),
      reaction: map.required('reaction', words),
    });
  };
}
