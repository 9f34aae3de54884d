import {
  DataType,
  makeEUInformation,
  standardUnits,
  VariantArrayType,
  type EUInformation,
  type VariantOptions,
} from 'node-opcua';
import type { NodeType, NodeValue, Unit } from './node-plan.ts';

const dataTypes: Readonly<Record<NodeType, DataType>> = {
  Boolean: DataType.Boolean,
  Int32: DataType.Int32,
  UInt16: DataType.UInt16,
  UInt32: DataType.UInt32,
  UInt64: DataType.UInt64,
  Float: DataType.Float,
  Double: DataType.Double,
  String: DataType.String,
  DateTime: DataType.DateTime,
  FloatArray: DataType.Float,
  UInt32Array: DataType.UInt32,
};

export function dataTypeOf(type: NodeType): DataType {
  return dataTypes[type];
}

export function isArrayType(type: NodeType): boolean {
  return type === 'FloatArray' || type === 'UInt32Array';
}

/** A value as node-opcua writes it; 64-bit integers go as a high and a low half. */
export function toVariant(type: NodeType, value: NodeValue): VariantOptions {
  const dataType = dataTypes[type];
  if (isArrayType(type)) return { dataType, arrayType: VariantArrayType.Array, value };
  if (type === 'UInt64') {
    const whole = BigInt(value as bigint | number);
    const halves = [Number(whole >> 32n), Number(whole & 0xffff_ffffn)];
    return { dataType, arrayType: VariantArrayType.Scalar, value: halves };
  }
  return { dataType, arrayType: VariantArrayType.Scalar, value };
}

/** Whether two values of one node show the same to a client. */
export function sameValue(left: NodeValue, right: NodeValue): boolean {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  return Object.is(left, right);
}

const units: Readonly<Record<Unit, EUInformation>> = {
  'm/s': standardUnits.metre_per_second,
  A: standardUnits.ampere,
  Cel: standardUnits.degree_celsius,
  '%': standardUnits.percent,
  g: standardUnits.gram,
  kg: standardUnits.kilogram,
  h: makeEUInformation('HUR', 'h', 'hour'),
  '1': standardUnits.one,
};

export function engineeringUnits(unit: Unit): EUInformation {
  return units[unit];
}
