/**
 * How much a message holds, counted on its bytes before anything is built from them: two bytes on the wire
 * become hundreds in memory, so that a bound on the bytes alone does not protect the reader.
 */
import protobuf from 'protobufjs/light.js';

/** Metrics in one message; the largest device birth of a line has 10 000 tags. */
export const PAYLOAD_METRICS_MAX = 20_000;
/** Property sets, keys and values in one message; a metric with three properties has seven of them. */
export const PAYLOAD_PROPERTY_PARTS_MAX = 200_000;

const LENGTH_DELIMITED = 2;
const PAYLOAD_METRICS = 2;
const METRIC_PROPERTIES = 9;
const PROPERTY_SET_KEYS = 1;
const PROPERTY_SET_VALUES = 2;

/**
 * @returns what the message holds too much of, or null.
 * @throws when the bytes are not a protobuf message.
 */
export function excessOf(bytes: Uint8Array): string | null {
  const reader = protobuf.Reader.create(bytes);
  let metrics = 0;
  let propertyParts = 0;
  const countProperty = (field: number): void => {
    if (field === PROPERTY_SET_KEYS || field === PROPERTY_SET_VALUES) propertyParts += 1;
    reader.skipType(LENGTH_DELIMITED);
  };
  const countMetricField = (field: number): void => {
    if (field !== METRIC_PROPERTIES) return void reader.skipType(LENGTH_DELIMITED);
    propertyParts += 1;
    eachField(reader, endOf(reader), countProperty);
  };
  const countPayloadField = (field: number): void => {
    if (field !== PAYLOAD_METRICS) return void reader.skipType(LENGTH_DELIMITED);
    metrics += 1;
    // What is past the bound needs no counting.
    if (metrics > PAYLOAD_METRICS_MAX) return void reader.skipType(LENGTH_DELIMITED);
    eachField(reader, endOf(reader), countMetricField);
  };
  eachField(reader, reader.len, countPayloadField);
  if (metrics > PAYLOAD_METRICS_MAX) return `${metrics} metrics, at most ${PAYLOAD_METRICS_MAX} are read`;
  if (propertyParts <= PAYLOAD_PROPERTY_PARTS_MAX) return null;
  return `${propertyParts} parts of properties, at most ${PAYLOAD_PROPERTY_PARTS_MAX} are read`;
}

/** Walks over the fields up to `end`; `delimited` moves the reader past each length-delimited one. */
function eachField(reader: protobuf.Reader, end: number, delimited: (field: number) => void): void {
  const outerEnd = reader.len;
  reader.len = end;
  while (reader.pos < end) {
    const tag = reader.tag();
    const wireType = tag & 7;
    if (wireType === LENGTH_DELIMITED) delimited(tag >>> 3);
    else reader.skipType(wireType, 0, tag >>> 3);
  }
  reader.len = outerEnd;
}

function endOf(reader: protobuf.Reader): number {
  const end = reader.size() + reader.pos;
  if (end > reader.len) throw new RangeError(`a field ends at ${end}, its message at ${reader.len}`);
  return end;
}
