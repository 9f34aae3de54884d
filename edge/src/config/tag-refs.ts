/** Tags named by roles: each must exist, and be of a type that the role can use. */
import type { TagType } from '@trame/protocol/tag';
import type { TagRef } from '../domain/tag-ref.ts';
import { closest } from './closest.ts';
import type { ConfigMap, ConfigNode, Reader } from './config-node.ts';
import { identifier } from './scalar-readers.ts';
import type { TagIndex } from './tag-readers.ts';

type Kind = 'a bool' | 'a string' | 'a whole number' | 'a number';

const WHOLE: readonly TagType[] = ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
const TYPES: Readonly<Record<Kind, readonly TagType[]>> = {
  'a bool': ['bool'],
  'a string': ['string'],
  'a whole number': WHOLE,
  'a number': [...WHOLE, 'float32', 'float64'],
};
/** Roles that are no plain number. */
const KINDS: Readonly<Record<string, Kind>> = {
  stable: 'a bool',
  running: 'a bool',
  overload: 'a bool',
  belowMin: 'a bool',
  emergencyStop: 'a bool',
  serialTag: 'a string',
  alibi: 'a whole number',
  weighings: 'a whole number',
  packML: 'a whole number',
};

/** @returns a reader of the id of a device of this file. */
export function knownDevice(index: TagIndex): Reader<string> {
  return (node) => {
    const id = identifier(node);
    if (id === undefined || index.has(id)) return id;
    return node.fail(unknown('device', id, [...index.keys()]));
  };
}

/** @returns the device and the tags that are written, each checked; undefined when one is wrong. */
export function readBound<K extends string>(
  map: ConfigMap,
  keys: readonly K[],
  index: TagIndex,
): ({ device?: string } & { [key in K]?: string }) | undefined {
  const device = map.optional('device', knownDevice(index), null);
  const bound: { device?: string } & { [key in K]?: string } = {};
  let right = device !== undefined;
  if (typeof device === 'string') Object.assign(bound, { device });
  for (const key of keys) {
    const node = map.get(key);
    if (node === null) continue;
    if (device === null) {
      node.fail('a tag needs the device that has it: device is missing');
      right = false;
      continue;
    }
    const tag = device === undefined ? undefined : readTag(node, key, device, index);
    if (tag === undefined) right = false;
    else Object.assign(bound, { [key]: tag });
  }
  return right ? bound : undefined;
}

/** @returns the tag that is written for a key, checked; null when none is; undefined when it is wrong. */
export function readRef(
  map: ConfigMap,
  key: string,
  device: string | undefined,
  index: TagIndex,
): TagRef | null | undefined {
  const node = map.get(key);
  if (node === null) return null;
  const tag = device === undefined ? undefined : readTag(node, key, device, index);
  return tag === undefined || device === undefined ? undefined : { device, tag };
}

/** @returns the name of a tag of this device whose type suits the role; undefined when it is wrong. */
export function readTag(node: ConfigNode, role: string, device: string, index: TagIndex): string | undefined {
  const name = node.scalar;
  if (typeof name !== 'string')
    return node.fail(`expected the name of a tag of ${device}, got ${node.shown}`);
  const tags = index.get(device);
  if (tags === undefined || tags === null) return undefined;
  const type = tags.get(name);
  if (type === undefined) return node.fail(unknown(`tag of ${device}`, name, [...tags.keys()]));
  const kind = KINDS[role] ?? 'a number';
  const fits = type === null || TYPES[kind].includes(type);
  return fits ? name : node.fail(`${role} is ${kind}, but ${device}/${name} is a ${type}`);
}

const MAX_LISTED = 8;

/** @returns what to say of a name that is not known: the one that was probably meant, or those that there are. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const guess = closest(name, known);
  if (guess !== null) return `unknown ${what} ${JSON.stringify(name)}, did you mean ${guess}?`;
  if (known.length === 0) return `unknown ${what} ${JSON.stringify(name)}: there is none`;
  const listed = known.slice(0, MAX_LISTED).join(', ') + (known.length > MAX_LISTED ? ', …' : '');
  return `unknown ${what} ${JSON.stringify(name)}, expected one of ${listed}`;
}
