import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScaled, scaleValue } from './scale-value.ts';

const AS_IS = { scale: 1, offset: 0, range: null };

test('without scale and offset a value passes untouched', () => {
  for (const raw of [0, -3.5, 42, true, false, 'vert', '', 2n ** 63n]) {
    expect(scaleValue(raw, AS_IS)).toEqual({ value: raw, quality: GOOD });
  }
});

test('a counter past the exact range of a double keeps its last digit', () => {
  expect(scaleValue(9_007_199_254_740_993n, { ...AS_IS, range: [0, 2 ** 60] }).value).toBe(
    9_007_199_254_740_993n,
  );
});

test('scale comes before offset', () => {
  expect(scaleValue(200, { scale: 0.5, offset: -40, range: null })).toEqual({ value: 60, quality: GOOD });
});

test('a 64-bit value that is scaled becomes a double', () => {
  expect(scaleValue(123_000n, { scale: 0.001, offset: 0, range: null })).toEqual({
    value: 123,
    quality: GOOD,
  });
});

test('NaN, infinity and a product that overflows have no value', () => {
  const none = { value: null, quality: bad('not-a-value') };
  for (const raw of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(scaleValue(raw, AS_IS)).toEqual(none);
    expect(scaleValue(raw, { scale: 0, offset: 1, range: [0, 1] })).toEqual(none);
  }
  expect(scaleValue(1e300, { scale: 1e300, offset: 0, range: null })).toEqual(none);
});

test('a text or a truth value that is to be scaled has no value', () => {
  const none = { value: null, quality: bad('not-a-value') };
  expect(scaleValue('12', { scale: 2, offset: 0, range: null })).toEqual(none);
  expect(scaleValue(true, { scale: 1, offset: 5, range: null })).toEqual(none);
});

test('outside the range the value stays, uncertain; the limits themselves are inside', () => {
  const scaling = { scale: 0.1, offset: 0, range: [0, 60] as const };
  expect(scaleValue(0, scaling).quality).toEqual(GOOD);
  expect(scaleValue(600, scaling).quality).toEqual(GOOD);
  expect(scaleValue(601, scaling)).toEqual({ value: 60.1, quality: uncertain('out-of-range') });
  expect(scaleValue(-1, scaling).quality).toEqual(uncertain('out-of-range'));
  expect(scaleValue(61n, { ...AS_IS, range: [0, 60] }).quality).toEqual(uncertain('out-of-range'));
});

test('a range says nothing about texts and truth values', () => {
  expect(scaleValue('x', { ...AS_IS, range: [0, 1] }).quality).toEqual(GOOD);
  expect(scaleValue(true, { ...AS_IS, range: [5, 6] }).quality).toEqual(GOOD);
});

test('only a scale other than 1 or an offset other than 0 changes values', () => {
  expect(isScaled({ scale: 1, offset: 0 })).toBe(false);
  expect(isScaled({ scale: 10, offset: 0 })).toBe(true);
  expect(isScaled({ scale: 1, offset: -1 })).toBe(true);
});

test('never a number that is not finite, and never a number with a bad quality', () => {
  const raws = fc.oneof(
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.boolean(),
    fc.string(),
  );
  fc.assert(
    fc.property(raws, fc.double(), fc.double(), (raw, scale, offset) => {
      const { value, quality } = scaleValue(raw, { scale, offset, range: [-1000, 1000] });
      expect(value === null).toBe(quality.level === 'bad');
      expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true);
    }),
  );
});

const limits = (max: number) => ({ ...AS_IS, range: [-max, max] as const });

test('a limit as a person writes it includes its float32 and its scaled double', () => {
  expect(scaleValue(Math.fround(0.1), limits(0.1)).quality).toEqual(GOOD);
  expect(scaleValue(-Math.fround(0.1), limits(0.1)).quality).toEqual(GOOD);
  expect(scaleValue(3, { ...limits(0.3), scale: 0.1 }).quality).toEqual(GOOD);
  expect(scaleValue(0.1001, limits(0.1)).quality).toEqual(uncertain('out-of-range'));
});
