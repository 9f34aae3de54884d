/**
 * Samples as bytes: some ten of them each, where JSON takes eighty. Names stand once and are pointed at
 * afterwards, times are differences, a number takes the smallest form that keeps it exactly.
 */
import { QUALITY_REASONS, type Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import type { Sample } from '../domain/tag-state.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** First byte of every encoding. */
const VERSION = 1;

/** Low four bits of a sample's first byte: how its value is written. */
const FORM = {
  null: 0,
  false: 1,
  true: 2,
  integer: 3,
  float32: 4,
  float64: 5,
  int64: 6,
  uint64: 7,
  text: 8,
  /** A bigint past 64 bits, as decimal text. */
  large: 9,
} as const;
type Form = (typeof FORM)[keyof typeof FORM];

const LEVELS = ['good', 'uncertain', 'bad'] as const;
const LEVEL_SHIFT = 4;
const QUALITY_CHANGED = 64;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const INTEGER_MAX = 2 ** 31;
/** Far past any date, and twice the difference of two of them is still exact, ms. */
const TIME_MAX_MS = 2 ** 50;

/** Times are whole ms since 1970; a fraction is cut off, as on the Sparkplug wire. */
export function encodeSamples(samples: readonly Sample[]): Uint8Array {
  const writer = new ByteWriter();
  const names = new Map<string, number>();
  let lastMs = 0;
  writer.byte(VERSION);
  writer.unsigned(samples.length);
  for (const { tag, value, quality, qualityChanged, timeMs } of samples) {
    const form = formOf(value);
    const level = LEVELS.indexOf(quality.level) << LEVEL_SHIFT;
    writer.byte(form | level | (qualityChanged ? QUALITY_CHANGED : 0));
    if (quality.level !== 'good') writer.byte(QUALITY_REASONS.indexOf(quality.reason));
    const known = names.get(tag);
    // Zero announces a new name.
    writer.unsigned(known ?? 0);
    if (known === undefined) {
      writer.text(tag);
      names.set(tag, names.size + 1);
    }
    const ms = Math.max(-TIME_MAX_MS, Math.min(TIME_MAX_MS, Math.trunc(timeMs)));
    writer.signed(ms - lastMs);
    lastMs = ms;
    writeValue(writer, form, value);
  }
  return writer.take();
}

/** @throws when the bytes are not what {@link encodeSamples} wrote. */
export function decodeSamples(bytes: Uint8Array): readonly Sample[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`samples of an unknown version ${version}`);
  const count = reader.unsigned();
  const names: string[] = [];
  const samples: Sample[] = [];
  let lastMs = 0;
  for (let index = 0; index < count; index += 1) {
    const first = reader.byte();
    const quality = readQuality(reader, LEVELS[(first >> LEVEL_SHIFT) & 3]);
    const tag = readName(reader, names);
    lastMs += reader.signed();
    const value = readValue(reader, first & 15);
    samples.push({ tag, value, quality, qualityChanged: (first & QUALITY_CHANGED) !== 0, timeMs: lastMs });
  }
  if (!reader.isAtEnd) throw new RangeError('bytes after the last sample');
  return samples;
}

function formOf(value: TagValue | null): Form {
  switch (typeof value) {
    case 'boolean':
      return value ? FORM.true : FORM.false;
    case 'string':
      return FORM.text;
    case 'bigint':
      if (value >= INT64_MIN && value <= INT64_MAX) return FORM.int64;
      return value > 0n && value <= UINT64_MAX ? FORM.uint64 : FORM.large;
    case 'number':
      if (Number.isInteger(value) && Math.abs(value) < INTEGER_MAX && !Object.is(value, -0)) {
        return FORM.integer;
      }
      return Object.is(Math.fround(value), value) ? FORM.float32 : FORM.float64;
    default:
      return FORM.null;
  }
}

function writeValue(writer: ByteWriter, form: Form, value: TagValue | null): void {
  switch (form) {
    case FORM.null:
    case FORM.false:
    case FORM.true:
      return;
    case FORM.integer:
      return writer.signed(Number(value));
    case FORM.float32:
      return writer.float32(Number(value));
    case FORM.float64:
      return writer.float64(Number(value));
    case FORM.int64:
      return writer.int64(BigInt(value ?? 0));
    case FORM.uint64:
      return writer.uint64(BigInt(value ?? 0));
    case FORM.text:
    case FORM.large:
      return writer.text(String(value));
  }
}

function readValue(reader: ByteReader, form: number): TagValue | null {
  switch (form) {
    case FORM.null:
      return null;
    case FORM.false:
      return false;
    case FORM.true:
      return true;
    case FORM.integer:
      return reader.signed();
    case FORM.float32:
      return reader.float32();
    case FORM.float64:
      return reader.float64();
    case FORM.int64:
      return reader.int64();
    case FORM.uint64:
      return reader.uint64();
    case FORM.text:
      return reader.text();
    case FORM.large:
      return BigInt(reader.text());
    default:
      throw new RangeError(`a value in an unknown form ${form}`);
  }
}

function readQuality(reader: ByteReader, level: (typeof LEVELS)[number] | undefined): Quality {
  if (level === 'good') return { level };
  const reason = QUALITY_REASONS[reader.byte()];
  if (level === undefined || reason === undefined) throw new RangeError('an unknown quality');
  return { level, reason };
}

function readName(reader: ByteReader, names: string[]): string {
  const known = reader.unsigned();
  if (known === 0) {
    const name = reader.text();
    names.push(name);
    return name;
  }
  const name = names[known - 1];
  if (name === undefined) throw new RangeError('a name that was not announced');
  return name;
}
