/** The sorter: the table it follows, its programmes, and where an outlet may be led elsewhere. */
import type { SorterConfig, SortProgrammeConfig } from '../domain/control/control-config.ts';
import type { TagRef } from '../domain/tag-ref.ts';
import { complete, listOf, readMap, type ConfigNode, type Reader } from './config-node.ts';
import { label } from './control-scalars.ts';
import type { DeviceBook } from './device-book.ts';
import { identifier, integer, Names } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';
import { deviceOf, tagRef, targetOf } from './target-refs.ts';

const KEYS = [
  'device',
  'classes',
  'outlets',
  'table',
  'programme',
  'version',
  'diverters',
  'programmes',
] as const;
const MAX_CLASSES = 64;
const MAX_OUTLETS = 64;
const MAX_PROGRAMMES = 32;
const MAX_NUMBER = 65_535;
const MAX_VERSION = 1_000_000_000;

export interface SorterContext {
  readonly book: DeviceBook;
  readonly device: string | null;
  /** Ids of `roles.outlets`. */
  readonly outlets: readonly string[];
}

export function sorter({ book, device: usual, outlets }: SorterContext): Reader<SorterConfig> {
  return (node) => {
    const map = readMap(node, KEYS);
    if (map === undefined) return undefined;
    const device =
      usual === null ? map.required('device', deviceOf(book)) : map.optional('device', deviceOf(book), usual);
    const classes = map.required('classes', readClasses);
    const numbers = map.required('outlets', readNumbers(outlets));
    if (device === undefined || classes === undefined || numbers === undefined) return undefined;
    const both = (kind: 'a whole number' | 'a string') => tagRef({ book, device, kind, use: 'both' });
    const known = Object.keys(numbers);
    const table = map.required(
      'table',
      listOf(tagRef({ book, device, kind: 'a value', use: 'both' }), MAX_CLASSES),
    );
    const isTable = table === undefined || fitsTable(table, classes, book, map.get('table') ?? node);
    const parts = complete<SorterConfig>({
      device,
      classes,
      outlets: numbers,
      table: isTable ? table : undefined,
      programme: map.required('programme', both('a string')),
      version: map.required('version', both('a whole number')),
      diverters: map.optional('diverters', perOutlet(known, both('a whole number')), {}),
      programmes: map.required('programmes', programmes(classes, known)),
    });
    return parts;
  };
}

const readClasses: Reader<string[]> = (node) => {
  const names = new Names('class');
  const classes = listOf((at) => {
    const name = identifier(at);
    return name !== undefined && names.claim(name, at) ? name : undefined;
  }, MAX_CLASSES)(node);
  return classes?.length === 0 ? node.fail('expected at least one class') : classes;
};

function readNumbers(outlets: readonly string[]): Reader<Readonly<Record<string, number>>> {
  return (node) => {
    const used = new Names('number of an outlet');
    // 0 says «none» in a diverter.
    return perOutlet(outlets, (at) => {
      const number = integer('the number of an outlet', 1, MAX_NUMBER)(at);
      return number !== undefined && used.claim(String(number), at) ? number : undefined;
    })(node);
  };
}

function perOutlet<T>(outlets: readonly string[], reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (node) => {
    const pairs = node.pairs('a map by outlet', MAX_OUTLETS);
    if (pairs === undefined) return undefined;
    const read: Record<string, T> = {};
    let right = true;
    for (const [outlet, at, value] of pairs) {
      const one = outlets.includes(outlet) ? reader(value) : at.fail(unknown('outlet', outlet, outlets));
      if (one === undefined) right = false;
      else read[outlet] = one;
    }
    return right ? read : undefined;
  };
}

/** One text for all classes, or one number for each. */
function fitsTable(
  table: readonly TagRef[],
  classes: readonly string[],
  book: DeviceBook,
  at: ConfigNode,
): boolean {
  const types = table.map((ref) => targetOf(book, ref).type);
  if (table.length === 1 && (types[0] === 'string' || (types[0] === null && classes.length > 1))) return true;
  const other = types.find(
    (type) => type !== null && (type === 'string' || type === 'bool' || type.startsWith('float')),
  );
  if (other !== undefined) {
    at.fail(`expected one whole number for each class, or one string for all, got a ${other}`);
    return false;
  }
  if (table.length === classes.length) return true;
  at.fail(
    `expected one tag for each of the ${classes.length} classes, or one string for all, got ${table.length}`,
  );
  return false;
}

function programmes(classes: readonly string[], outlets: readonly string[]): Reader<SortProgrammeConfig[]> {
  const names = new Names('programme');
  return listOf((node) => {
    const map = readMap(node, ['id', 'label', 'version', 'routes']);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    return complete<SortProgrammeConfig>({
      id: id !== undefined && names.claim(id, map.get('id') ?? node) ? id : undefined,
      label: map.required('label', label),
      version: map.required('version', integer('a version', 1, MAX_VERSION)),
      routes: map.required('routes', routes(classes, outlets)),
    });
  }, MAX_PROGRAMMES);
}

/** Every class goes somewhere: what a programme leaves out would go where nobody decided. */
function routes(
  classes: readonly string[],
  outlets: readonly string[],
): Reader<Readonly<Record<string, string>>> {
  return (node) => {
    const map = readMap(node, classes);
    if (map === undefined) return undefined;
    const read: Record<string, string> = {};
    let right = true;
    for (const name of classes) {
      const outlet = map.required(name, (at) => {
        const written = at.scalar;
        if (typeof written === 'string' && outlets.includes(written)) return written;
        return at.fail(unknown('outlet of the sorter', String(written), outlets));
      });
      if (outlet === undefined) right = false;
      else read[name] = outlet;
    }
    return right ? read : undefined;
  };
}
