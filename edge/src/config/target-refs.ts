/** Tags named by what controls and watches a line: by name, of the usual device, or `{ device, tag }` of another. */
import type { TagType } from '@trame/protocol/tag';
import type { TagRef } from '../domain/tag-ref.ts';
import { complete, readMap, type ConfigNode, type Reader } from './config-node.ts';
import type { DeviceBook, Target } from './device-book.ts';
import { identifier } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';

/** What a tag has to be. */
export type Kind = 'a bool' | 'a string' | 'a whole number' | 'a number' | 'a value';
/** `both`: it is written and read back by the same name. */
export type Use = 'read' | 'written' | 'both';

const WHOLE: readonly TagType[] = ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
const NUMBERS: readonly TagType[] = [...WHOLE, 'float32', 'float64'];
const TYPES: Readonly<Record<Kind, readonly TagType[]>> = {
  'a bool': ['bool'],
  'a string': ['string'],
  'a whole number': WHOLE,
  'a number': NUMBERS,
  'a value': ['bool', 'string', ...NUMBERS],
};

export interface RefOptions {
  readonly book: DeviceBook;
  /** Whose tag it is when only a name is written; null: the device must be written. */
  readonly device: string | null;
  readonly kind: Kind;
  readonly use: Use;
}

export function deviceOf(book: DeviceBook): Reader<string> {
  return (node) => {
    const id = identifier(node);
    if (id === undefined || book.driverOf(id) !== null) return id;
    return node.fail(unknown('device', id, book.ids));
  };
}

export function tagRef({ book, device: usual, kind, use }: RefOptions): Reader<TagRef> {
  return (node) => {
    const written = readWritten(node, book, usual);
    if (written === undefined) return undefined;
    const { device, at } = written;
    const tag = at.scalar;
    if (typeof tag !== 'string') return at.fail(`expected the name of a tag of ${device}, got ${at.shown}`);
    const targets = book.targets(device);
    const target = targets.get(tag);
    if (target === undefined) return at.fail(unknown(`tag of ${device}`, tag, namesFor(targets, use)));
    const wrong = wrongUse(target, use) ?? wrongKind(target, kind);
    return wrong === null ? { device, tag } : at.fail(`${device}/${tag} ${wrong}`);
  };
}

/** @returns what {@link tagRef} found under this reference, for further checks. */
export function targetOf(book: DeviceBook, { device, tag }: TagRef): Target {
  const target = book.targets(device).get(tag);
  if (target === undefined) throw new Error(`${device}/${tag} was checked and is not there`);
  return target;
}

function readWritten(
  node: ConfigNode,
  book: DeviceBook,
  usual: string | null,
): { readonly device: string; readonly at: ConfigNode } | undefined {
  if (!node.isMap) {
    if (usual !== null) return { device: usual, at: node };
    return node.fail(`expected { device, tag }, got ${node.shown}`);
  }
  const map = readMap(node, ['device', 'tag']);
  if (map === undefined) return undefined;
  const device =
    usual === null ? map.required('device', deviceOf(book)) : map.optional('device', deviceOf(book), usual);
  return complete({ device, at: map.required('tag', (at) => at) });
}

function namesFor(targets: ReadonlyMap<string, Target>, use: Use): readonly string[] {
  return [...targets].filter(([, target]) => wrongUse(target, use) === null).map(([name]) => name);
}

function wrongUse({ isRead, isWritable }: Target, use: Use): string | null {
  if (use !== 'read' && !isWritable) return 'is only read: give the tag writable: true';
  if (use !== 'written' && !isRead) return 'is only written: expected a tag that is read';
  return null;
}

function wrongKind({ type }: Target, kind: Kind): string | null {
  return type === null || TYPES[kind].includes(type) ? null : `is a ${type}, expected ${kind}`;
}
