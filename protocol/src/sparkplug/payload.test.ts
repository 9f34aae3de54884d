import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import {
  decodePayload as peerDecode,
  encodePayload as peerEncode,
} from 'sparkplug-payload/lib/sparkplugbpayload.js';
import { describe, expect, it } from 'vitest';
import { toJsonValue, type TagValue } from '../tag.ts';
import { DATA_TYPE, type DataType } from './data-type.ts';
import { PAYLOAD_METRICS_MAX, PAYLOAD_PROPERTY_PARTS_MAX } from './message-size.ts';
import {
  decodePayload,
  encodePayload,
  PAYLOAD_BYTES_MAX,
  valueOf,
  type InMetric,
  type InPayload,
  type OutMetric,
  type OutPayload,
} from './payload.ts';

const GOLDEN = new URL('golden/', import.meta.url);

function decoded(bytes: Uint8Array): InPayload {
  const result = decodePayload(bytes);
  if (result.kind === 'invalid') throw new Error(result.reason);
  return result.payload;
}

/** A received metric as its sender would write it; the golden files hold no untyped value. */
function asSent(metric: InMetric): OutMetric {
  return {
    ...(metric.name === null ? {} : { name: metric.name }),
    ...(metric.alias === null ? {} : { alias: metric.alias }),
    ...(metric.timestampMs === null ? {} : { timestampMs: metric.timestampMs }),
    ...(metric.historical ? { historical: true } : {}),
    type: metric.type ?? DATA_TYPE.string,
    value: valueOf(metric),
    ...(metric.properties.size === 0
      ? {}
      : {
          properties: Object.fromEntries(
            [...metric.properties].map(([key, value]) => [
              key,
              { type: typeof value === 'string' ? DATA_TYPE.string : DATA_TYPE.int32, value },
            ]),
          ),
        }),
  };
}

/** A length-delimited field; the length takes four bytes, whatever it is. */
function nested(tag: number, message: Uint8Array): Uint8Array {
  const length = [0, 7, 14].map((shift) => ((message.length >> shift) & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.of(tag, ...length, message.length >> 21), message]);
}

function times(count: number, bytes: readonly number[]): Uint8Array {
  return Buffer.alloc(count * bytes.length, Uint8Array.from(bytes));
}

function refusal(bytes: Uint8Array): string {
  const result = decodePayload(bytes);
  return result.kind === 'invalid' ? result.reason : `${result.payload.metrics.length} metrics`;
}

function tooManyMetrics(count: number): string {
  return `${count} metrics, at most ${PAYLOAD_METRICS_MAX} are read`;
}

const int = (min: number, max: number) => fc.integer({ min, max });
const typedValue: fc.Arbitrary<[DataType, TagValue]> = fc.oneof(
  int(-128, 127).map((v): [DataType, TagValue] => [DATA_TYPE.int8, v]),
  int(-32768, 32767).map((v): [DataType, TagValue] => [DATA_TYPE.int16, v]),
  int(-(2 ** 31), 2 ** 31 - 1).map((v): [DataType, TagValue] => [DATA_TYPE.int32, v]),
  int(0, 2 ** 32 - 1).map((v): [DataType, TagValue] => [DATA_TYPE.uint32, v]),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((v): [DataType, TagValue] => [DATA_TYPE.int64, v]),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((v): [DataType, TagValue] => [DATA_TYPE.uint64, v]),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((v): [DataType, TagValue] => [DATA_TYPE.float, v]),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((v): [DataType, TagValue] => [DATA_TYPE.double, v]),
  fc.boolean().map((v): [DataType, TagValue] => [DATA_TYPE.boolean, v]),
  fc.string({ unit: 'grapheme' }).map((v): [DataType, TagValue] => [DATA_TYPE.string, v]),
);

describe('Sparkplug payload', () => {
  it('gives back every value of every type to the last bit', () => {
    fc.assert(
      fc.property(typedValue, fc.boolean(), ([type, value], historical) => {
        const sent: OutPayload = {
          timestampMs: 1_700_000_000_000,
          seq: 255,
          metrics: [{ name: 'm', alias: 7, timestampMs: 1_700_000_000_001, type, value, historical }],
        };
        const back = decoded(encodePayload(sent));
        const metric = back.metrics[0];
        expect(back.seq).toBe(255);
        expect(metric?.historical).toBe(historical);
        expect(metric && valueOf(metric)).toStrictEqual(value);
      }),
    );
  });

  it('reads a value without data type by the type of the birth', () => {
    const bytes = encodePayload({
      timestampMs: 1,
      seq: 1,
      metrics: [{ alias: 3, type: DATA_TYPE.int16, omitType: true, value: -5 }],
    });
    const metric = decoded(bytes).metrics[0];
    expect(metric?.type).toBeNull();
    expect(metric && valueOf(metric)).toBeNull();
    expect(metric && valueOf(metric, DATA_TYPE.int16)).toBe(-5);
  });

  it('says null, not zero, for a value that is missing or not finite', () => {
    const bytes = encodePayload({
      timestampMs: 1,
      metrics: [
        { name: 'missing', type: DATA_TYPE.double, value: null },
        { name: 'nan', type: DATA_TYPE.double, value: Number.NaN },
      ],
    });
    expect(decoded(bytes).metrics.map((metric) => valueOf(metric))).toStrictEqual([null, null]);
  });

  it('never throws on bytes that are not a payload', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['payload', 'invalid']).toContain(decodePayload(bytes).kind);
      }),
      { numRuns: 5_000 },
    );
    expect(decodePayload(new TextEncoder().encode('{"not":"sparkplug"}')).kind).toBe('invalid');
  });

  it('is refused before it is read when it holds more than any line has', () => {
    const parts = PAYLOAD_PROPERTY_PARTS_MAX + 1;
    const tooManyParts = `${parts} parts of properties, at most ${PAYLOAD_PROPERTY_PARTS_MAX} are read`;
    const startedAtMs = performance.now();
    expect(refusal(times(PAYLOAD_BYTES_MAX / 2, [0x12, 0]))).toBe(tooManyMetrics(PAYLOAD_BYTES_MAX / 2));
    // The tag of a metric may be written in more bytes than it needs.
    const count = PAYLOAD_METRICS_MAX + 1;
    expect(refusal(times(count, [0x92, 0x80, 0, 0]))).toBe(tooManyMetrics(count));
    expect(refusal(times(PAYLOAD_METRICS_MAX, [0x12, 0]))).toBe(`${PAYLOAD_METRICS_MAX} metrics`);
    // One metric whose property set holds empty keys or empty values, or is written again and again.
    const keys = nested(0x4a, times(parts - 1, [0x0a, 0]));
    const values = nested(0x4a, times(parts - 1, [0x12, 0]));
    for (const metric of [keys, values, times(parts, [0x4a, 0])]) {
      expect(refusal(nested(0x12, metric))).toBe(tooManyParts);
    }
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });

  it('is read by another implementation, and reads what that one writes', () => {
    const ours = encodePayload({
      timestampMs: 1_700_000_000_000,
      seq: 3,
      metrics: [
        { name: 'mass', type: DATA_TYPE.float, value: 12.5 },
        { name: 'delta', type: DATA_TYPE.int32, value: -7 },
        { name: 'serial', type: DATA_TYPE.string, value: 'B-17' },
      ],
    });
    const peer = peerDecode(ours);
    expect(peer.metrics?.map(({ name, value }) => [name, value])).toStrictEqual([
      ['mass', 12.5],
      ['delta', -7],
      ['serial', 'B-17'],
    ]);
    const theirs = peerEncode({
      timestamp: 1_700_000_000_000,
      seq: 4,
      metrics: [
        { name: 'on', type: 'Boolean', value: true },
        { name: 'level', type: 'Double', value: 0.25 },
        { name: 'cold', type: 'Int16', value: -12 },
      ],
    });
    expect(decoded(theirs).metrics.map((metric) => [metric.name, valueOf(metric)])).toStrictEqual([
      ['on', true],
      ['level', 0.25],
      ['cold', -12],
    ]);
  });

  it('reads an unsigned 32-bit value from either field, as older senders write it, and writes int_value', () => {
    const theirs = decoded(
      peerEncode({
        timestamp: 1_700_000_000_000,
        seq: 4,
        metrics: [
          {
            name: 'pulses',
            type: 'UInt32',
            value: 4_294_967_295,
            properties: { limit: { type: 'UInt32', value: 4_000_000_000 } },
          },
        ],
      }),
    ).metrics[0];
    expect(theirs?.wire.longValue?.toString()).toBe('4294967295');
    expect(theirs && valueOf(theirs)).toBe(4_294_967_295);
    expect(theirs?.properties.get('limit')).toBe(4_000_000_000);
    const ours = encodePayload({
      timestampMs: 1,
      metrics: [{ name: 'm', type: DATA_TYPE.uint32, value: 4_294_967_295 }],
    });
    expect(decoded(ours).metrics[0]?.wire).toMatchObject({ intValue: 4_294_967_295 });
  });

  it('has no unsigned 32-bit value that needs more bits', () => {
    const peer = peerEncode({ timestamp: 1, metrics: [{ name: 'm', type: 'UInt64', value: 2 ** 32 }] });
    const metric = decoded(peer).metrics[0];
    expect(metric && valueOf({ ...metric, type: DATA_TYPE.uint32 })).toBeNull();
  });

  const names = readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.hex'))
    .map((name) => name.slice(0, -4));
  it.each(names)('reads and writes the golden file %s byte for byte', (name) => {
    const hex = readFileSync(new URL(`${name}.hex`, GOLDEN), 'utf8').replaceAll(/\s/gu, '');
    const expected: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), 'utf8'));
    const payload = decoded(Buffer.from(hex, 'hex'));
    const plain = {
      timestampMs: payload.timestampMs,
      ...(payload.seq === null ? {} : { seq: payload.seq }),
      metrics: payload.metrics.map((metric) => ({
        ...(metric.name === null ? {} : { name: metric.name }),
        ...(metric.alias === null ? {} : { alias: metric.alias }),
        ...(metric.timestampMs === null ? {} : { timestampMs: metric.timestampMs }),
        ...(metric.historical ? { historical: true } : {}),
        type: metric.type,
        value: toJsonValue(valueOf(metric)),
        ...(metric.properties.size === 0
          ? {}
          : { properties: Object.fromEntries([...metric.properties].map(([k, v]) => [k, toJsonValue(v)])) }),
      })),
    };
    expect(plain).toStrictEqual(expected);
    const again = encodePayload({
      timestampMs: payload.timestampMs ?? 0,
      ...(payload.seq === null ? {} : { seq: payload.seq }),
      metrics: payload.metrics.map(asSent),
    });
    expect(Buffer.from(again).toString('hex')).toBe(hex);
  });

  it('has golden files of every message of a session', () => {
    expect(names).toStrictEqual(['dbirth', 'ddata', 'nbirth', 'ndeath']);
  });
});
