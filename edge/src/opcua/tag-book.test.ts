import { bad, GOOD } from '@trame/protocol/quality';
import { expect, test } from 'vitest';
import type { DataValueLike } from './convert-value.ts';
import { createTagBook } from './tag-book.ts';
import { testDevice, testTag } from './test-device.ts';
import { TestLog, TestSink } from './test-sink.ts';

const INT32 = 6;
const GOOD_STATUS = 0;
const UNCERTAIN_STATUS = 0x4090_0000;
const TAG = testTag('weight');

function book() {
  return createTagBook(testDevice('opc.tcp://plc:4840', [TAG]), new TestSink(), new TestLog());
}

function sent(value: number, atMs: number | null, status = GOOD_STATUS): DataValueLike {
  return {
    value: { dataType: INT32, arrayType: 0, value },
    statusCode: { value: status },
    sourceTimestamp: atMs === null ? null : new Date(atMs),
    serverTimestamp: null,
  };
}

test('a value that the server sends again is dropped; another time, status or value is news', () => {
  const tags = book();
  expect(tags.take(TAG, sent(5, 1000))).not.toBeNull();
  expect(tags.take(TAG, sent(5, 1000))).toBeNull();
  expect(tags.take(TAG, sent(5, 2000))).not.toBeNull();
  expect(tags.take(TAG, sent(6, 2000))).not.toBeNull();
  expect(tags.take(TAG, sent(6, 2000, UNCERTAIN_STATUS))).not.toBeNull();
});

test('without a time of its own nothing proves that a value was sent before', () => {
  const tags = book();
  expect(tags.take(TAG, sent(5, null))).not.toBeNull();
  expect(tags.take(TAG, sent(5, null))).not.toBeNull();
});

test('after the driver called a tag stale, the same value makes it good again', () => {
  const tags = book();
  tags.take(TAG, sent(5, 1000));
  expect(tags.say(TAG, bad('stale'))).toMatchObject({ value: null, quality: bad('stale') });
  expect(tags.take(TAG, sent(5, 1000))).toMatchObject({ value: 5, quality: GOOD });
});

test('a type is news once', () => {
  const tags = book();
  expect(tags.untyped()).toEqual([TAG]);
  expect(tags.definitions()[0]?.type).toBe('float64');
  tags.take(TAG, sent(5, 1000));
  expect(tags.takeTypeNews()).toBe(true);
  expect(tags.takeTypeNews()).toBe(false);
  expect(tags.definitions()[0]?.type).toBe('int32');
  expect(tags.untyped()).toEqual([]);
});

test('a value that has not changed since the session before counts as new', () => {
  const tags = book();
  tags.take(TAG, sent(5, 1000));
  tags.forgetValues();
  expect(tags.take(TAG, sent(5, 1000))).toMatchObject({ value: 5, quality: GOOD });
});
