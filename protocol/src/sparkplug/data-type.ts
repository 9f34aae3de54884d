/** Sparkplug B 3.0 §6.4.16: data type codes, and which of them a tag type travels as. */
import type { TagType } from '../tag.ts';

export const DATA_TYPE = {
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint8: 5,
  uint16: 6,
  uint32: 7,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  string: 12,
  dateTime: 13,
  text: 14,
} as const;
export type DataType = (typeof DATA_TYPE)[keyof typeof DATA_TYPE];

const OF_TAG: Readonly<Record<TagType, DataType>> = {
  bool: DATA_TYPE.boolean,
  int16: DATA_TYPE.int16,
  uint16: DATA_TYPE.uint16,
  int32: DATA_TYPE.int32,
  uint32: DATA_TYPE.uint32,
  int64: DATA_TYPE.int64,
  uint64: DATA_TYPE.uint64,
  float32: DATA_TYPE.float,
  float64: DATA_TYPE.double,
  string: DATA_TYPE.string,
};

export function dataTypeOf(tagType: TagType): DataType {
  return OF_TAG[tagType];
}

export function isDataType(code: number): code is DataType {
  return Number.isInteger(code) && code >= DATA_TYPE.int8 && code <= DATA_TYPE.text;
}
