/** Readers of single values. Each says what it expected and what it got. */
import { resolve } from 'node:path';
import { ID_PATTERN } from '@trame/protocol/topics';
import { checkUnit } from '@trame/protocol/unit';
import { parseDurationMs } from '../domain/duration.ts';
import { closest } from './closest.ts';
import type { ConfigNode, Reader } from './config-node.ts';

const ID = new RegExp(ID_PATTERN, 'u');
/** One segment or a path of a metric name: no blank at its ends, no character that a topic or a query keeps. */
const TAG_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ ./:-]{0,126}[\p{L}\p{N}_])?$/u;
const MAX_UNIT_CHARS = 40;

/** A site, a line, a device: becomes one level of a topic. */
export const identifier: Reader<string> = (node) => {
  const value = node.scalar;
  if (typeof value === 'string' && ID.test(value)) return value;
  if (typeof value === 'number' && ID.test(String(value))) return node.fail(inQuotes(value));
  return node.fail(
    `expected a name of letters, digits, dot, dash, underscore or tilde, 1 to 63 long, got ${node.shown}`,
  );
};

function inQuotes(value: number): string {
  return `expected a name, got the number ${value}: write it in quotes, "${value}"`;
}

export const tagName: Reader<string> = (node) => {
  const value = node.scalar;
  if (typeof value === 'string' && TAG_NAME.test(value)) return value;
  if (typeof value === 'number') return node.fail(inQuotes(value));
  return node.fail(
    `expected a tag name of letters, digits, _ . / : - and inner blanks, 1 to 128 long, got ${node.shown}`,
  );
};

export const boolean: Reader<boolean> = (node) => {
  const value = node.scalar;
  return typeof value === 'boolean' ? value : node.fail(`expected true or false, got ${node.shown}`);
};

export function text(what: string, maxChars: number): Reader<string> {
  return (node) => {
    const value = node.scalar;
    if (typeof value === 'string' && value !== '' && value.length <= maxChars) return value;
    return node.fail(`expected ${what} of 1 to ${maxChars} characters, got ${node.shown}`);
  };
}

export function oneOf<T extends string | number>(values: readonly T[]): Reader<T> {
  return (node) => {
    const found = values.find((value) => value === node.scalar);
    if (found !== undefined) return found;
    const written = node.scalar;
    const names = values.map(String);
    const guess = typeof written === 'string' ? closest(written, names) : null;
    const hint = guess === null ? '' : `: did you mean ${guess}?`;
    return node.fail(`expected one of ${names.join(', ')}, got ${node.shown}${hint}`);
  };
}

export function integer(what: string, min: number, max: number): Reader<number> {
  return (node) => {
    const value = node.scalar;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return node.fail(`expected ${what}, a whole number from ${min} to ${max}, got ${node.shown}`);
  };
}

export const finiteNumber: Reader<number> = (node) => {
  const value = node.scalar;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return node.fail(`expected a number, got ${node.shown}`);
};

/** `200ms 1s 5min 2h` → ms. */
export function durationMs(minMs: number, maxMs: number): Reader<number> {
  return (node) => {
    const value = node.scalar;
    if (typeof value === 'number') {
      return node.fail(`expected a duration with its unit, got ${value}: write ${value}ms or ${value}s`);
    }
    const ms = typeof value === 'string' ? parseDurationMs(value) : null;
    if (ms === null) return node.fail(`expected a duration such as 200ms, 1s or 5min, got ${node.shown}`);
    if (ms >= minMs && ms <= maxMs) return ms;
    return node.fail(`expected a duration from ${spell(minMs)} to ${spell(maxMs)}, got ${node.shown}`);
  };
}

/** `[min, max]`. */
export const range: Reader<readonly [number, number]> = (node) => {
  const items = node.items('a list of two numbers [min, max]', 2);
  if (items === undefined) return undefined;
  const [low, high] = items;
  if (low === undefined || high === undefined) return node.fail('expected two numbers [min, max]');
  const min = finiteNumber(low);
  const max = finiteNumber(high);
  if (min === undefined || max === undefined) return undefined;
  return min <= max ? [min, max] : node.fail(`expected [min, max], but ${min} is above ${max}`);
};

/** A unit of measure: a usual spelling becomes its UCUM code, an unknown one passes with a warning. */
export const unitOfMeasure: Reader<string> = (node) => {
  const written = text('a unit', MAX_UNIT_CHARS)(node);
  if (written === undefined) return undefined;
  const check = checkUnit(written);
  if (check.kind !== 'unknown') return check.code;
  node.warn(`${node.shown} is not a known unit: it is passed on as written`);
  return written;
};

/** A file; a relative name lies in the data directory. @returns an absolute path. */
export function filePath(dataDir: string): Reader<string> {
  return (node) => {
    const written = text('a file name', 4096)(node);
    return written === undefined ? undefined : resolve(dataDir, written);
  };
}

/** Notes the second use of a name among brothers; the first keeps it. */
export class Names {
  readonly #what: string;
  readonly #places = new Map<string, string>();

  constructor(what: string) {
    this.#what = what;
  }

  /** @returns whether the name is new here. */
  claim(name: string, at: ConfigNode): boolean {
    const first = this.#places.get(name);
    if (first === undefined) {
      this.#places.set(name, at.place);
      return true;
    }
    at.fail(`duplicate ${this.#what} ${JSON.stringify(name)}, first used at ${first}`);
    return false;
  }
}

function spell(ms: number): string {
  if (ms > 0 && ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
