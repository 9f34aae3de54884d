/** What a tag is: a named, typed, timed value read from a device. */
import { Type, type Static } from 'typebox';

export const TAG_TYPES = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'string',
] as const;
export type TagType = (typeof TAG_TYPES)[number];

/** Order of the bytes of a 32-bit value as they arrive; 64-bit values follow the same pattern. */
export const BYTE_ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof BYTE_ORDERS)[number];

/**
 * A value inside the edge and the server. 64-bit integers are `bigint`, so that a counter never loses its
 * last digits; every other number is a `number`.
 */
export type TagValue = number | bigint | boolean | string;

/** The same value in JSON: a `bigint` past the exact range of a double travels as a decimal string. */
export const JsonTagValue = Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]);
export type JsonTagValue = Static<typeof JsonTagValue>;

/** @returns a value that survives `JSON.stringify` without loss. Non-finite numbers become null. */
export function toJsonValue(value: TagValue | null): JsonTagValue {
  if (typeof value === 'bigint') {
    const asNumber = Number(value);
    return Number.isSafeInteger(asNumber) ? asNumber : value.toString();
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  return value;
}

/** @returns the value as a finite double for charts and history, or null when it is not a number. */
export function toNumber(value: TagValue | null): number | null {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    default:
      return null;
  }
}
