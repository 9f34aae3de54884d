/** A comparison on one tag: `{ device: plc, tag: guardDoorsClosed, is: "=", value: false }`. */
import { COMPARISONS, type Condition } from '../domain/condition.ts';
import { complete, readMap, type ConfigNode, type Reader } from './config-node.ts';
import type { DeviceBook } from './device-book.ts';
import { oneOf } from './scalar-readers.ts';
import { deviceOf, tagRef, targetOf, type Kind } from './target-refs.ts';

const MAX_VALUE_CHARS = 200;

/** @param usual whose tag it is when no device is written; null: the device must be written. */
export function condition(book: DeviceBook, usual: string | null): Reader<Condition> {
  return (node) => {
    const map = readMap(node, ['device', 'tag', 'is', 'value']);
    if (map === undefined) return undefined;
    const device =
      usual === null ? map.required('device', deviceOf(book)) : map.optional('device', deviceOf(book), usual);
    const tag = map.required('tag', (at) =>
      device === undefined ? undefined : tagRef({ book, device, kind: 'a value', use: 'read' })(at),
    );
    const is = map.optional('is', oneOf(COMPARISONS), '=' as const);
    const value = map.required('value', comparable);
    const parts = complete<Condition>({ tag, is, value });
    if (parts === undefined) return undefined;
    const isOrdering = parts.is !== '=' && parts.is !== '!=';
    if (isOrdering && typeof parts.value !== 'number') {
      return map.get('value')?.fail(`${parts.is} compares numbers, got ${map.get('value')?.shown}`);
    }
    const { type } = targetOf(book, parts.tag);
    const kind = KINDS[typeof parts.value as keyof typeof KINDS];
    const fits = tagRef({ book, device: parts.tag.device, kind, use: 'read' });
    // Whatever the device turns out to say: a value of another kind is never known, which forbids.
    if (type !== null && fits(map.get('tag') ?? node) === undefined) return undefined;
    return parts;
  };
}

const KINDS = {
  number: 'a number',
  boolean: 'a bool',
  string: 'a string',
} as const satisfies Record<string, Kind>;

function comparable(node: ConfigNode): number | boolean | string | undefined {
  const value = node.scalar;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value === 'string' && value.length <= MAX_VALUE_CHARS) return value;
  return node.fail(`expected a number, true, false or a text, got ${node.shown}`);
}
