/** Typed reading of YAML nodes: each failure is noted with its place, and reading goes on to find the next. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { closest } from './closest.ts';
import type { YamlSource } from './yaml-source.ts';

/** Reads one value; undefined when it is wrong, which the reader has then reported. */
export type Reader<T> = (node: ConfigNode) => T | undefined;

const MAX_SHOWN_CHARS = 40;

/** One value of the file and the way to it. */
export class ConfigNode {
  readonly path: string;
  readonly #source: YamlSource;
  /** Where the value is written (at the alias, not at its anchor). */
  readonly #offset: number;
  readonly #node: Node | null;

  constructor(source: YamlSource, written: Node | null, path: string, offset?: number) {
    this.path = path;
    this.#source = source;
    this.#offset = written?.range?.[0] ?? offset ?? 0;
    this.#node = written === null ? null : source.follow(written);
  }

  /** Notes an error here. @returns undefined, so that a reader can return it. */
  fail(message: string): undefined {
    this.#source.fail(this.#offset, this.path, message);
  }

  warn(message: string): void {
    this.#source.warn(this.#offset, this.path, message);
  }

  /** `line:column`, to point at this value from a message about another. */
  get place(): string {
    return this.#source.place(this.#offset);
  }

  /** The plain value of a scalar; undefined for lists, maps and values of exotic YAML tags. */
  get scalar(): string | number | boolean | null | undefined {
    if (this.#node === null) return null;
    if (!isScalar(this.#node)) return undefined;
    const value = this.#node.value ?? null;
    const isPlain =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? value : undefined;
  }

  get isNothing(): boolean {
    return this.scalar === null;
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** What is written here, short, for «got …». */
  get shown(): string {
    if (isSeq(this.#node)) return 'a list';
    if (isMap(this.#node)) return 'a map';
    const value = this.scalar;
    if (value === null) return 'nothing';
    if (value === undefined) return 'a value that is neither text, number nor yes-or-no';
    const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
    return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
  }

  /** @returns the items of a list, or undefined (reported) when it is none or longer than `max`. */
  items(what: string, max: number): ConfigNode[] | undefined {
    if (!isSeq(this.#node)) return this.fail(`expected ${what}, got ${this.shown}`);
    const count = this.#node.items.length;
    if (count > max) return this.fail(`expected at most ${max} entries, got ${count}`);
    return this.#node.items.map((item, index) => this.#child(item, `${this.path}[${index}]`));
  }

  /** @returns the entries of a map; unknown and duplicate keys are reported and left out. */
  entries(keys: readonly string[]): Map<string, ConfigNode> | undefined {
    if (!isMap(this.#node)) return this.fail(`expected a map, got ${this.shown}`);
    const entries = new Map<string, ConfigNode>();
    for (const pair of this.#node.items) {
      const written = this.#child(pair.key, this.path);
      const key = String(written.scalar ?? '');
      const at = this.#child(pair.key, this.path === '' ? key : `${this.path}.${key}`);
      if (!keys.includes(key)) {
        const guess = closest(key, keys);
        const hint = guess === null ? `expected one of ${keys.join(', ')}` : `did you mean ${guess}?`;
        at.fail(`unknown key, ${hint}`);
      } else if (entries.has(key)) {
        at.fail(`duplicate key, first written at ${entries.get(key)?.place}`);
      } else {
        entries.set(key, new ConfigNode(this.#source, asNode(pair.value), at.path, at.#offset));
      }
    }
    return entries;
  }

  /**
   * @returns the entries of a map whose keys are free, or undefined (reported) when it is none, longer than `max`, or has
   * a key twice. A key is given as its text.
   */
  pairs(
    what: string,
    max: number,
  ): (readonly [key: string, at: ConfigNode, value: ConfigNode])[] | undefined {
    if (!isMap(this.#node)) return this.fail(`expected ${what}, got ${this.shown}`);
    const count = this.#node.items.length;
    if (count > max) return this.fail(`expected at most ${max} entries, got ${count}`);
    const places = new Map<string, string>();
    let right = true;
    const pairs = this.#node.items.map((pair) => {
      const key = String(this.#child(pair.key, this.path).scalar ?? '');
      const at = this.#child(pair.key, `${this.path}.${key}`);
      const first = places.get(key);
      if (first !== undefined) {
        at.fail(`duplicate key, first written at ${first}`);
        right = false;
      }
      places.set(key, first ?? at.place);
      return [key, at, new ConfigNode(this.#source, asNode(pair.value), at.path, at.#offset)] as const;
    });
    return right ? pairs : undefined;
  }

  /** @returns the first value written for a key of a map, nothing reported; null when there is none. */
  peek(key: string): ConfigNode | null {
    if (!isMap(this.#node)) return null;
    const pair = this.#node.items.find((item) => isScalar(item.key) && item.key.value === key);
    return pair === undefined ? null : this.#child(pair.value, `${this.path}.${key}`);
  }

  /** A key that is not there, reported at this map. */
  missing(key: string): undefined {
    const path = this.path === '' ? key : `${this.path}.${key}`;
    this.#source.fail(this.#offset, path, 'required key is missing');
  }

  #child(item: unknown, path: string): ConfigNode {
    return new ConfigNode(this.#source, asNode(item), path, this.#offset);
  }
}

/** A map whose keys were checked. */
export class ConfigMap {
  readonly at: ConfigNode;
  readonly #entries: ReadonlyMap<string, ConfigNode>;

  constructor(at: ConfigNode, entries: ReadonlyMap<string, ConfigNode>) {
    this.at = at;
    this.#entries = entries;
  }

  /** @returns the value written for a key, or null when there is none. */
  get(key: string): ConfigNode | null {
    const node = this.#entries.get(key);
    return node === undefined || node.isNothing ? null : node;
  }

  required<T>(key: string, reader: Reader<T>): T | undefined {
    const node = this.#entries.get(key);
    return node === undefined ? this.at.missing(key) : reader(node);
  }

  /** An absent key, or one with nothing behind it, gives `absent`. */
  optional<T, A>(key: string, reader: Reader<T>, absent: A): T | A | undefined {
    const node = this.get(key);
    return node === null ? absent : reader(node);
  }
}

/** @returns the map at a node, its unknown and duplicate keys reported; undefined when it is no map. */
export function readMap(node: ConfigNode, keys: readonly string[]): ConfigMap | undefined {
  const entries = node.entries(keys);
  return entries === undefined ? undefined : new ConfigMap(node, entries);
}

/** @returns a reader of a list; undefined when any item is wrong, after all were looked at. */
export function listOf<T>(item: Reader<T>, max: number): Reader<T[]> {
  return (node) => {
    const read = node.items('a list', max)?.map((entry) => item(entry));
    if (read === undefined) return undefined;
    const right = read.filter((value) => value !== undefined);
    return right.length === read.length ? right : undefined;
  };
}

/** @returns the parts as one object, or undefined when any of them was wrong. */
export function complete<T extends object>(parts: { readonly [K in keyof T]: T[K] | undefined }):
  | T
  | undefined {
  return Object.values(parts).includes(undefined) ? undefined : (parts as T);
}

function asNode(item: unknown): Node | null {
  return item !== null && typeof item === 'object' && 'range' in item ? (item as Node) : null;
}
