/** From a tag value to the variant that a node wants, and back for comparing. No library: only shapes. */
import type { TagType, TagValue } from '@trame/protocol/tag';
import { conform } from './convert-value.ts';
import { tagTypeOfDataType, valueOfVariant, type VariantLike } from './read-variant.ts';

/** Built-in types (OPC 10000-6 table 1) that a number, a yes-or-no or a text can be written to. */
const BOOLEAN = 1;
const SBYTE = 2;
const BYTE = 3;
const INT64 = 8;
const UINT64 = 9;
const DOUBLE = 11;
const STRING = 12;
const DATE_TIME = 13;
const LOCALIZED_TEXT = 21;

/** Tighter than the tag type in which the edge has them. */
const BYTE_BOUNDS: ReadonlyMap<number, readonly [min: number, max: number]> = new Map([
  [SBYTE, [-128, 127]],
  [BYTE, [0, 255]],
]);

export interface VariantToWrite {
  readonly dataType: number;
  readonly value: unknown;
}

/** @returns the type that a raw value for this built-in type has; null when nothing of ours can be written to it. */
export function writableType(dataType: number): TagType | null {
  const isPlain = dataType >= BOOLEAN && dataType <= DATE_TIME;
  return isPlain || dataType === LOCALIZED_TEXT ? tagTypeOfDataType(dataType) : null;
}

/**
 * @param raw of {@link writableType}, as `rawToWrite` gives it.
 * @returns null when the value does not fit: a byte is narrower than the tag type that stands for it.
 */
export function toVariant(raw: TagValue, dataType: number): VariantToWrite | null {
  const bounds = BYTE_BOUNDS.get(dataType);
  if (bounds !== undefined && (typeof raw !== 'number' || raw < bounds[0] || raw > bounds[1])) return null;
  if (typeof raw === 'bigint') return fromBigint(raw, dataType);
  // The library makes a localized text of its options.
  if (dataType === LOCALIZED_TEXT) return { dataType, value: { text: raw } };
  return { dataType, value: raw };
}

/** @returns what a node says, in the form in which a raw value of its type is written; null for what is none. */
export function readBackOf(variant: VariantLike, dataType: number): TagValue | null {
  const read = valueOfVariant(variant);
  const type = writableType(dataType);
  return read === null || type === null ? null : conform(read, type);
}

/** @returns the built-in type that a tag of this configured type most likely has. */
export function usualDataType(type: TagType): number {
  const usual: Readonly<Record<TagType, number>> = {
    bool: BOOLEAN,
    int16: 4,
    uint16: 5,
    int32: 6,
    uint32: 7,
    int64: INT64,
    uint64: UINT64,
    float32: 10,
    float64: DOUBLE,
    string: STRING,
  };
  return usual[type];
}

const WORD_BITS = 32n;

/** The library takes a 64-bit integer as its high and low 32-bit words, and a date as a date. */
function fromBigint(raw: bigint, dataType: number): VariantToWrite {
  if (dataType === DATE_TIME) return { dataType, value: new Date(Number(raw)) };
  const bits = BigInt.asUintN(64, raw);
  const high = Number(bits >> WORD_BITS);
  return { dataType, value: [high, Number(BigInt.asUintN(32, bits))] };
}
