/** What a person is asked for before an act, and whether what was given can be sent. */
import type { WeightBody } from '@trame/protocol/material/act-parts';
import type { EntryFile } from '../outbox/entry.ts';
import { countOf, gramsOf } from './typed-figures.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Asked {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
}

export type Field =
  | (Asked & {
      readonly kind: 'text';
      readonly max: number;
      readonly initial?: string;
      /** What a text has to be like; the hint says it in words. */
      readonly isSound?: (text: string) => boolean;
    })
  | (Asked & { readonly kind: 'kg'; readonly initial?: string; readonly zero?: boolean })
  | (Asked & {
      readonly kind: 'count';
      readonly initial?: string;
      readonly min?: number;
      readonly max: number;
    })
  | (Asked & { readonly kind: 'day'; readonly initial?: string })
  | (Asked & {
      readonly kind: 'choice';
      readonly options: readonly Choice[];
      /** Chosen at first; left out: nothing. */
      readonly initial?: string;
    })
  | (Asked & {
      readonly kind: 'picks';
      readonly options: readonly Choice[];
      readonly initial?: readonly string[];
      /** How many at least, where one is not enough. */
      readonly atLeast?: number;
    })
  | (Asked & { readonly kind: 'flag'; readonly initial?: boolean })
  | (Asked & {
      readonly kind: 'weight';
      /** How it may be given; the first is offered first. */
      readonly ways: readonly WeightWay[];
      /** Gross and tare, or the net alone. */
      readonly tare?: boolean;
    })
  | (Asked & { readonly kind: 'files'; readonly fileKind: EntryFile['kind'] });

export const WEIGHT_WAYS = ['scale', 'typed', 'weighbridge', 'estimated'] as const;
export type WeightWay = (typeof WEIGHT_WAYS)[number];

export interface WeightRaw {
  readonly way: WeightWay;
  /** Event of a weighing that nothing claims; empty: none is chosen. */
  readonly weighing: string;
  /** Scale that it was read from; empty: not said. */
  readonly scale: string;
  readonly gross: string;
  readonly tare: string;
  readonly net: string;
}

/** As it stands in the form. */
export type Raw = string | boolean | readonly string[] | WeightRaw | readonly EntryFile[];
export type RawValues = Readonly<Record<string, Raw>>;

/** Why a field cannot be sent as it is. */
export type Fault =
  | 'missing'
  | 'not-like-that'
  | 'too-few'
  | 'no-weight'
  | 'no-count'
  | 'no-weighing'
  | 'tare-above';

export type ReadForm =
  | { readonly kind: 'values'; readonly values: FormValues }
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, Fault>> };

type Value = string | number | boolean | null | readonly string[] | WeightBody | readonly EntryFile[];

/** What was given, by the names of the fields. Asking for what no field gives is an error of the form. */
export class FormValues {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values;
  }

  /** Of `text`, `choice` and `day`; null: left empty. */
  text(name: string): string | null {
    const value = this.#of(name);
    if (typeof value === 'string') return value;
    if (value === null) return null;
    throw new Error(`field ${name} holds no text`);
  }

  /** Of `kg` (grams) and `count`; null: left empty. */
  number(name: string): number | null {
    const value = this.#of(name);
    if (typeof value === 'number') return value;
    if (value === null) return null;
    throw new Error(`field ${name} holds no number`);
  }

  flag(name: string): boolean {
    return this.#of(name) === true;
  }

  picks(name: string): string[] {
    const value = this.#of(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  }

  /** Null: left empty. */
  weight(name: string): WeightBody | null {
    const value = this.#of(name);
    if (value === null) return null;
    if (typeof value === 'object' && 'how' in value) return value;
    throw new Error(`field ${name} holds no weight`);
  }

  files(name: string): EntryFile[] {
    const value = this.#of(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'object') : [];
  }

  /** A text that a field requires. */
  needText(name: string): string {
    const text = this.text(name);
    if (text === null) throw new Error(`field ${name} requires a text`);
    return text;
  }

  needNumber(name: string): number {
    const number = this.number(name);
    if (number === null) throw new Error(`field ${name} requires a number`);
    return number;
  }

  needWeight(name: string): WeightBody {
    const weight = this.weight(name);
    if (weight === null) throw new Error(`field ${name} requires a weight`);
    return weight;
  }

  #of(name: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`the form has no field ${name}`);
    return value;
  }
}

/** @returns what stands in the fields before anybody has touched them. A weight never stands there. */
export function initialValues(fields: readonly Field[]): RawValues {
  return Object.fromEntries(fields.map((field) => [field.name, initialOf(field)]));
}

function initialOf(field: Field): Raw {
  switch (field.kind) {
    case 'flag':
      return field.initial ?? false;
    case 'picks':
      return field.initial ?? [];
    case 'files':
      return [];
    case 'weight':
      return { way: field.ways[0] ?? 'typed', weighing: '', scale: '', gross: '', tare: '', net: '' };
    default:
      return field.initial ?? '';
  }
}

export function readForm(fields: readonly Field[], raw: RawValues): ReadForm {
  const values = new Map<string, Value>();
  const faults: Record<string, Fault> = {};
  for (const field of fields) {
    const read = readField(field, raw[field.name] ?? initialOf(field));
    if ('fault' in read) faults[field.name] = read.fault;
    else values.set(field.name, read.value);
  }
  return Object.keys(faults).length === 0
    ? { kind: 'values', values: new FormValues(values) }
    : { kind: 'faults', faults };
}

type ReadField = { readonly value: Value } | { readonly fault: Fault };

function readField(field: Field, raw: Raw): ReadField {
  const isRequired = field.required === true;
  switch (field.kind) {
    case 'flag':
      return isRequired && raw !== true ? { fault: 'missing' } : { value: raw === true };
    case 'picks':
    case 'files': {
      const list = Array.isArray(raw) ? (raw as readonly string[] | readonly EntryFile[]) : [];
      if (isRequired && list.length === 0) return { fault: 'missing' };
      const isFew = field.kind === 'picks' && list.length > 0 && list.length < (field.atLeast ?? 0);
      return isFew ? { fault: 'too-few' } : { value: list };
    }
    case 'weight':
      return readWeight(raw as WeightRaw, field.tare === true, isRequired);
    default: {
      const text = typeof raw === 'string' ? raw.trim() : '';
      if (text === '') return isRequired ? { fault: 'missing' } : { value: null };
      return readText(field, text);
    }
  }
}

function readText(field: Field, text: string): ReadField {
  if (field.kind === 'kg') {
    const grams = gramsOf(text);
    return grams === null || (grams === 0 && field.zero !== true) ? { fault: 'no-weight' } : { value: grams };
  }
  if (field.kind === 'count') {
    const count = countOf(text);
    const isOne = count !== null && count >= (field.min ?? 0) && count <= field.max;
    return isOne ? { value: count } : { fault: 'no-count' };
  }
  if (field.kind === 'text' && field.isSound?.(text) === false) return { fault: 'not-like-that' };
  return { value: text };
}

function readWeight(raw: WeightRaw, withTare: boolean, isRequired: boolean): ReadField {
  if (raw.way === 'scale') {
    if (raw.weighing !== '') return { value: { how: 'scale', weighing: raw.weighing } };
    return isRequired ? { fault: 'no-weighing' } : { value: null };
  }
  const scale = raw.scale === '' ? {} : { scale: raw.scale };
  if (!withTare) {
    if (raw.net.trim() === '' && !isRequired) return { value: null };
    const netGrams = gramsOf(raw.net);
    return netGrams === null || netGrams === 0
      ? { fault: 'no-weight' }
      : { value: { how: raw.way, ...scale, netGrams } };
  }
  if (raw.gross.trim() === '' && !isRequired) return { value: null };
  const grossGrams = gramsOf(raw.gross);
  const tareGrams = raw.tare.trim() === '' ? null : gramsOf(raw.tare);
  if (grossGrams === null || grossGrams === 0) return { fault: 'no-weight' };
  if (raw.tare.trim() !== '' && tareGrams === null) return { fault: 'no-weight' };
  if (tareGrams !== null && tareGrams >= grossGrams) return { fault: 'tare-above' };
  return {
    value: { how: raw.way, ...scale, grossGrams, ...(tareGrams === null ? {} : { tareGrams }) },
  };
}
