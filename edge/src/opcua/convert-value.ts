/** From what a server sends to one reading of one tag. */
import { bad, uncertain, type Quality } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';
import { fitsType } from '../domain/fits-type.ts';
import type { OpcuaTag } from '../domain/line-config.ts';
import type { Reading } from '../domain/reading.ts';
import { scaleValue } from '../domain/scale-value.ts';
import { valueOfVariant, type VariantLike } from './read-variant.ts';
import { isOverflow, qualityOfStatus } from './status-quality.ts';

/** What is needed of a decoded data value (OPC 10000-4 §7.11). */
export interface DataValueLike {
  readonly value: VariantLike;
  readonly statusCode: { readonly value: number };
  readonly sourceTimestamp: Date | null;
  readonly serverTimestamp: Date | null;
}

export interface ConvertedValue {
  readonly reading: Reading;
  /** The server dropped samples of this tag before this one. */
  readonly overflow: boolean;
  /** The server calls it good or uncertain, but it is no value of this tag; what came instead, for the log. */
  readonly misfit: string | null;
}

/**
 * @param tag scale, offset and range are applied here; its name goes into the reading.
 * @param type type that the raw value has to fit, before scaling; null: any number.
 */
export function convertDataValue(tag: OpcuaTag, type: TagType | null, data: DataValueLike): ConvertedValue {
  const status = data.statusCode.value;
  const overflow = isOverflow(status);
  const told = qualityOfStatus(status);
  const sourceTimeMs = timeOf(data.sourceTimestamp) ?? timeOf(data.serverTimestamp);
  const none = (quality: Quality): Reading => ({ tag: tag.name, value: null, quality, sourceTimeMs });

  if (told.level === 'bad') return { reading: none(told), overflow, misfit: null };
  const raw = valueOfVariant(data.value);
  const fitting = raw === null || type === null ? raw : conform(raw, type);
  const scaled = fitting === null ? null : scaleValue(fitting, tag);
  if (scaled === null || scaled.value === null) {
    return { reading: none(bad('not-a-value')), overflow, misfit: describe(data.value, raw) };
  }
  const quality = worse(told, overflow, scaled.quality);
  return { reading: { tag: tag.name, value: scaled.value, quality, sourceTimeMs }, overflow, misfit: null };
}

/**
 * @returns the same number in the form that the type has inside the edge (64-bit: bigint, float32: rounded to
 *   it), or null when the value cannot be of this type.
 */
export function conform(raw: TagValue, type: TagType): TagValue | null {
  const value = inFormOf(raw, type);
  return fitsType(value, type) ? value : null;
}

function inFormOf(raw: TagValue, type: TagType): TagValue {
  switch (type) {
    case 'int64':
    case 'uint64':
      return typeof raw === 'number' && Number.isSafeInteger(raw) ? BigInt(raw) : raw;
    case 'float32':
      return typeof raw === 'number' || typeof raw === 'bigint' ? Math.fround(Number(raw)) : raw;
    case 'bool':
    case 'string':
      return raw;
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'float64':
      return typeof raw === 'bigint' ? Number(raw) : raw;
  }
}

/** What the device itself doubts weighs more than lost samples, and these more than a range. */
function worse(told: Quality, overflow: boolean, scaled: Quality): Quality {
  if (told.level !== 'good') return told;
  return overflow ? uncertain('overflow') : scaled;
}

/** A server that knows no time sends nothing, or the first instant of OPC UA time (1601). */
function timeOf(date: Date | null): number | null {
  const ms = date?.getTime();
  return ms === undefined || Number.isNaN(ms) || ms <= 0 ? null : ms;
}

const SHOWN_CHARACTERS = 40;

function describe(variant: VariantLike, raw: TagValue | null): string {
  if (variant.arrayType !== 0) return 'an array';
  if (raw === null) return variant.dataType === 0 ? 'nothing' : `data type ${variant.dataType}`;
  return `${typeof raw} ${String(raw).slice(0, SHOWN_CHARACTERS)}`;
}
