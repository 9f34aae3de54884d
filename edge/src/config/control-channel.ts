/** How a PLC is asked: methods of OPC 30050 (PackML), or a handshake of bits. One of the two, never both. */
import { PLC_COMMANDS, type CommandChannel, type PlcCommand } from '../domain/control/control-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import type { DeviceBook } from './device-book.ts';
import { durationMs, integer, Names } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';
import { tagRef } from './target-refs.ts';

const HANDSHAKE_KEYS = ['codes', 'code', 'request', 'acknowledge', 'done', 'refused', 'pulse'] as const;
const MAX_CODE = 65_535;
const DEFAULT_PULSE_MS = 2000;
const MIN_PULSE_MS = 100;
/** A command that waits longer for bits is one that nobody waits for. */
const MAX_PULSE_MS = 5_000;

/** @returns null when neither is written; undefined when what is written is wrong. */
export function readChannel(
  map: ConfigMap,
  device: string | undefined,
  book: DeviceBook,
): CommandChannel | null | undefined {
  const methods = map.get('methods');
  const handshake = map.get('handshake');
  if (methods !== null && handshake !== null) {
    return handshake.fail('a PLC is asked by methods or by a handshake, not by both: leave one out');
  }
  if (methods !== null) return device === undefined ? undefined : readMethods(device, book)(methods);
  if (handshake !== null) return device === undefined ? undefined : readHandshake(device, book)(handshake);
  return null;
}

function readMethods(device: string, book: DeviceBook): Reader<CommandChannel> {
  return (node) => {
    if (book.driverOf(device) !== 'opcua') {
      return node.fail(`${device} is no OPC UA device, so it has no methods: write a handshake`);
    }
    const map = readMap(node, PLC_COMMANDS);
    if (map === undefined) return undefined;
    const known = book.methods(device);
    const name: Reader<string> = (at) => {
      const method = at.scalar;
      if (typeof method === 'string' && known.includes(method)) return method;
      if (typeof method === 'string') return at.fail(unknown(`method of ${device}`, method, known));
      return at.fail(`expected the name of a method of ${device}, got ${at.shown}`);
    };
    const methods = perCommand(map, name);
    return methods === undefined ? undefined : { kind: 'methods', methods };
  };
}

function readHandshake(device: string, book: DeviceBook): Reader<CommandChannel> {
  return (node) => {
    const map = readMap(node, HANDSHAKE_KEYS);
    if (map === undefined) return undefined;
    const bit = tagRef({ book, device, kind: 'a bool', use: 'read' });
    return complete<Extract<CommandChannel, { kind: 'handshake' }>>({
      kind: 'handshake',
      codes: map.required('codes', readCodes),
      code: map.required('code', tagRef({ book, device, kind: 'a whole number', use: 'written' })),
      request: map.required('request', tagRef({ book, device, kind: 'a bool', use: 'written' })),
      acknowledge: map.required('acknowledge', bit),
      done: map.required('done', bit),
      refused: map.optional('refused', bit, null),
      pulseMs: map.optional('pulse', durationMs(MIN_PULSE_MS, MAX_PULSE_MS), DEFAULT_PULSE_MS),
    });
  };
}

const readCodes: Reader<Readonly<Partial<Record<PlcCommand, number>>>> = (node) => {
  const map = readMap(node, PLC_COMMANDS);
  if (map === undefined) return undefined;
  const used = new Names('code');
  return perCommand(map, (at) => {
    const code = integer('a code', 0, MAX_CODE)(at);
    return code !== undefined && used.claim(String(code), at) ? code : undefined;
  });
};

/** At least start and stop: a line that could be started and not stopped would be worse than none. */
function perCommand<T>(
  map: ConfigMap,
  reader: Reader<T>,
): Readonly<Partial<Record<PlcCommand, T>>> | undefined {
  const read: Partial<Record<PlcCommand, T>> = {};
  let right = true;
  for (const command of PLC_COMMANDS) {
    const isNeeded = command === 'start' || command === 'stop';
    const value = isNeeded ? map.required(command, reader) : map.optional(command, reader, null);
    if (value === undefined) right = false;
    else if (value !== null) read[command] = value;
  }
  return right ? read : undefined;
}
