/** Values between a tag and the Sparkplug wire (Sparkplug B 3.0 §6.4.16). */
import Long from 'long';
import type { TagValue } from '../tag.ts';
import { DATA_TYPE, type DataType } from './data-type.ts';
import type { WireValue } from './wire.ts';

/**
 * @returns the wire field for a value of a data type. Signed integers travel as two's complement.
 * @throws when the value is not of that type: the caller has already checked its readings.
 */
export function toWireValue(value: TagValue, type: DataType): WireValue {
  switch (type) {
    case DATA_TYPE.int8:
    case DATA_TYPE.int16:
    case DATA_TYPE.int32:
    case DATA_TYPE.uint8:
    case DATA_TYPE.uint16:
    case DATA_TYPE.uint32:
      return { intValue: Number(value) >>> 0 };
    case DATA_TYPE.int64:
    case DATA_TYPE.uint64:
    case DATA_TYPE.dateTime:
      return { longValue: longOf(value) };
    case DATA_TYPE.float:
      return { floatValue: Number(value) };
    case DATA_TYPE.double:
      return { doubleValue: Number(value) };
    case DATA_TYPE.boolean:
      return { booleanValue: value === true };
    case DATA_TYPE.string:
    case DATA_TYPE.text:
      return { stringValue: String(value) };
  }
}

/**
 * UInt32 belongs in `int_value`; senders built on older Eclipse Tahu put it in `long_value`, which is read too.
 * @returns the value of a wire field read as `type`, or null when the field does not fit the type.
 */
export function fromWireValue(wire: WireValue, type: DataType): TagValue | null {
  switch (type) {
    case DATA_TYPE.int8:
      return signed(wire.intValue, 8);
    case DATA_TYPE.int16:
      return signed(wire.intValue, 16);
    case DATA_TYPE.int32:
      return signed(wire.intValue, 32);
    case DATA_TYPE.uint8:
    case DATA_TYPE.uint16:
      return wire.intValue ?? null;
    case DATA_TYPE.uint32:
      return wire.intValue ?? unsigned32(wire.longValue);
    case DATA_TYPE.int64:
      return wire.longValue == null ? null : wire.longValue.toSigned().toBigInt();
    case DATA_TYPE.uint64:
    case DATA_TYPE.dateTime:
      return wire.longValue == null ? null : wire.longValue.toUnsigned().toBigInt();
    case DATA_TYPE.float:
      return finite(wire.floatValue);
    case DATA_TYPE.double:
      return finite(wire.doubleValue);
    case DATA_TYPE.boolean:
      return wire.booleanValue ?? null;
    case DATA_TYPE.string:
    case DATA_TYPE.text:
      return wire.stringValue ?? null;
  }
}

function longOf(value: TagValue): Long {
  if (typeof value === 'bigint') return Long.fromBigInt(value).toUnsigned();
  return Long.fromNumber(Number(value)).toUnsigned();
}

function signed(bits: number | null | undefined, width: 8 | 16 | 32): number | null {
  if (bits == null) return null;
  return (bits << (32 - width)) >> (32 - width);
}

function unsigned32(bits: Long | null | undefined): number | null {
  const value = bits?.toUnsigned();
  return value === undefined || value.high !== 0 ? null : value.toNumber();
}

function finite(value: number | null | undefined): number | null {
  return value != null && Number.isFinite(value) ? value : null;
}
