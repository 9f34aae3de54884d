import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import { TAG_TYPES } from '@trame/protocol/tag';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsType } from '../domain/fits-type.ts';
import { conform, convertDataValue, type DataValueLike } from './convert-value.ts';
import { testTag } from './test-device.ts';

/** Built-in types, OPC 10000-6 table 1. */
const NULL = 0;
const DOUBLE = 11;
const STRING = 12;
const EXTENSION_OBJECT = 22;
const SOURCE = new Date('2026-05-01T08:00:00Z');
const SERVER = new Date('2026-05-01T08:00:01Z');

function data(value: unknown, changes: Partial<DataValueLike> = {}): DataValueLike {
  return {
    value: { dataType: DOUBLE, arrayType: 0, value },
    statusCode: { value: 0 },
    sourceTimestamp: SOURCE,
    serverTimestamp: SERVER,
    ...changes,
  };
}

function timeOf(changes: Partial<DataValueLike>): number | null {
  return convertDataValue(testTag('t'), null, data(1, changes)).reading.sourceTimeMs;
}

function misfit(value: DataValueLike['value']): string | null {
  return convertDataValue(testTag('t'), 'int16', { ...data(0), value }).misfit;
}

test('the source time counts, then the time of the server, then none', () => {
  expect(timeOf({})).toBe(SOURCE.getTime());
  expect(timeOf({ sourceTimestamp: null })).toBe(SERVER.getTime());
  expect(timeOf({ sourceTimestamp: new Date('1601-01-01T00:00:00Z') })).toBe(SERVER.getTime());
  expect(timeOf({ sourceTimestamp: null, serverTimestamp: null })).toBeNull();
});

test('a doubt of the device outweighs lost samples, and these a range', () => {
  const tag = testTag('t', { range: [0, 1] });
  const qualityOf = (status: number) =>
    convertDataValue(tag, null, data(5, { statusCode: { value: status } })).reading.quality;
  expect(qualityOf(0)).toEqual(uncertain('out-of-range'));
  expect(qualityOf(0x0480)).toEqual(uncertain('overflow'));
  expect(qualityOf(0x4090_0480)).toEqual(uncertain('device-uncertain'));
});

test('a bad value that overflowed is bad, and the loss is still told', () => {
  const converted = convertDataValue(testTag('t'), null, data(5, { statusCode: { value: 0x808c_0480 } }));
  expect(converted.reading).toMatchObject({ value: null, quality: bad('device-bad') });
  expect(converted.overflow).toBe(true);
});

test('what came instead of a value is told for the log', () => {
  expect(misfit({ dataType: DOUBLE, arrayType: 0, value: 40_000 })).toBe('number 40000');
  expect(misfit({ dataType: STRING, arrayType: 0, value: 'x'.repeat(500) })).toHaveLength(47);
  expect(misfit({ dataType: DOUBLE, arrayType: 1, value: [1] })).toBe('an array');
  expect(misfit({ dataType: NULL, arrayType: 0, value: null })).toBe('nothing');
  expect(misfit({ dataType: EXTENSION_OBJECT, arrayType: 0, value: {} })).toBe('data type 22');
});

test('a scaled text is no value', () => {
  const tag = testTag('t', { scale: 2 });
  const text = { ...data(0), value: { dataType: STRING, arrayType: 0, value: '12' } };
  expect(convertDataValue(tag, null, text).reading.quality).toEqual(bad('not-a-value'));
});

test.each([
  [3, 'int64', 3n],
  [3n, 'int16', 3],
  [3n, 'float64', 3],
  [0.1, 'float32', Math.fround(0.1)],
  [3.5, 'int32', null],
  [-1, 'uint16', null],
  [1, 'bool', null],
  [true, 'bool', true],
  ['1', 'int16', null],
  [1e300, 'float32', null],
] as const)('%o as %s is %o', (raw, type, expected) => {
  expect(conform(raw, type)).toBe(expected);
});

test('whatever arrives, a value with a good quality is of its type and finite', () => {
  const raws = fc.oneof(
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.boolean(),
    fc.string(),
  );
  fc.assert(
    fc.property(
      raws,
      fc.constantFrom(...TAG_TYPES),
      fc.integer({ min: NULL, max: 25 }),
      (raw, type, dataType) => {
        const { reading } = convertDataValue(testTag('t'), type, {
          ...data(0),
          value: { dataType, arrayType: 0, value: raw },
        });
        expect(reading.value === null).toBe(reading.quality.level === 'bad');
        expect(reading.value === null || fitsType(reading.value, type)).toBe(true);
        expect(reading.value === null ? GOOD : reading.quality).toEqual(GOOD);
      },
    ),
  );
});
