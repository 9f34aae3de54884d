/**
 * The Sparkplug B protobuf message (Sparkplug B 3.0 §6.4.1), described field by field. Data sets, templates
 * and extensions are left out on purpose: a decoder skips fields that it does not know.
 */
import Long from 'long';
import protobuf from 'protobufjs/light.js';

// Without this, 64-bit fields would be decoded to doubles and lose digits.
protobuf.util.Long = Long;
protobuf.configure();

// Explicit presence, as in the specification's schema: a seq of 0 must be on the wire.
const edition = 'proto2';

const root = protobuf.Root.fromJSON({
  nested: {
    PropertyValue: {
      edition,
      oneofs: {
        value: {
          oneof: ['intValue', 'longValue', 'floatValue', 'doubleValue', 'booleanValue', 'stringValue'],
        },
      },
      fields: {
        type: { type: 'uint32', id: 1 },
        isNull: { type: 'bool', id: 2 },
        intValue: { type: 'uint32', id: 3 },
        longValue: { type: 'uint64', id: 4 },
        floatValue: { type: 'float', id: 5 },
        doubleValue: { type: 'double', id: 6 },
        booleanValue: { type: 'bool', id: 7 },
        stringValue: { type: 'string', id: 8 },
      },
    },
    PropertySet: {
      edition,
      fields: {
        keys: { rule: 'repeated', type: 'string', id: 1 },
        values: { rule: 'repeated', type: 'PropertyValue', id: 2 },
      },
    },
    Metric: {
      edition,
      oneofs: {
        value: {
          oneof: [
            'intValue',
            'longValue',
            'floatValue',
            'doubleValue',
            'booleanValue',
            'stringValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        name: { type: 'string', id: 1 },
        alias: { type: 'uint64', id: 2 },
        timestamp: { type: 'uint64', id: 3 },
        datatype: { type: 'uint32', id: 4 },
        isHistorical: { type: 'bool', id: 5 },
        isTransient: { type: 'bool', id: 6 },
        isNull: { type: 'bool', id: 7 },
        properties: { type: 'PropertySet', id: 9 },
        intValue: { type: 'uint32', id: 10 },
        longValue: { type: 'uint64', id: 11 },
        floatValue: { type: 'float', id: 12 },
        doubleValue: { type: 'double', id: 13 },
        booleanValue: { type: 'bool', id: 14 },
        stringValue: { type: 'string', id: 15 },
        bytesValue: { type: 'bytes', id: 16 },
      },
    },
    Payload: {
      edition,
      fields: {
        timestamp: { type: 'uint64', id: 1 },
        metrics: { rule: 'repeated', type: 'Metric', id: 2 },
        seq: { type: 'uint64', id: 3 },
        uuid: { type: 'string', id: 4 },
        body: { type: 'bytes', id: 5 },
      },
    },
  },
});

/** The oneof of a metric or a property as it lies on the wire. Absent fields are absent or null. */
export interface WireValue {
  intValue?: number | null;
  longValue?: Long | null;
  floatValue?: number | null;
  doubleValue?: number | null;
  booleanValue?: boolean | null;
  stringValue?: string | null;
}

export interface WireProperty extends WireValue {
  type?: number | null;
  isNull?: boolean | null;
}

export interface WireMetric extends WireValue {
  name?: string | null;
  alias?: Long | null;
  timestamp?: Long | null;
  datatype?: number | null;
  isHistorical?: boolean | null;
  isNull?: boolean | null;
  properties?: { keys?: string[] | null; values?: WireProperty[] | null } | null;
}

export interface WirePayload {
  timestamp?: Long | null;
  metrics?: WireMetric[] | null;
  seq?: Long | null;
}

const PayloadType = root.lookupType('Payload');

export function writeWire(payload: WirePayload): Uint8Array {
  return PayloadType.encode(payload).finish();
}

/** @throws when the bytes are not a protobuf message of this shape. */
export function readWire(bytes: Uint8Array): WirePayload {
  const message = PayloadType.decode(bytes);
  // Absent optional fields stand as defaults on the prototype; only own fields were really sent.
  return PayloadType.toObject(message, { longs: Long, defaults: false, arrays: true });
}
