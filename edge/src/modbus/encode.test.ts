import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BYTE_ORDERS, type TagType, type TagValue } from '@trame/protocol/tag';
import { decodeRegisters } from './decode.ts';
import { encodeRegisters } from './encode.ts';

it.each([
  ['uint16', 0x0102, 'ABCD', [1, 2]],
  ['uint16', 0x0102, 'CDAB', [1, 2]],
  ['uint16', 0x0102, 'BADC', [2, 1]],
  ['uint16', 0x0102, 'DCBA', [2, 1]],
  ['uint32', 0x01020304, 'ABCD', [1, 2, 3, 4]],
  ['uint32', 0x01020304, 'CDAB', [3, 4, 1, 2]],
  ['uint32', 0x01020304, 'BADC', [2, 1, 4, 3]],
  ['uint32', 0x01020304, 'DCBA', [4, 3, 2, 1]],
  ['uint64', 0x0102030405060708n, 'CDAB', [7, 8, 5, 6, 3, 4, 1, 2]],
  ['int16', -2, 'ABCD', [0xff, 0xfe]],
  ['float32', 1.5, 'ABCD', [0x3f, 0xc0, 0, 0]],
] as const)('%s %s lies in a device as %s', (type, raw, order, bytes) => {
  expect([...encodeRegisters(raw, type, order)]).toStrictEqual(bytes);
});

const VALUES: Readonly<Partial<Record<TagType, fc.Arbitrary<TagValue>>>> = {
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
};

it('is read as it was written, in every order', () => {
  for (const [type, values] of Object.entries(VALUES) as [TagType, fc.Arbitrary<TagValue>][]) {
    fc.assert(
      fc.property(values, fc.constantFrom(...BYTE_ORDERS), (raw, byteOrder) => {
        const bytes = encodeRegisters(raw, type, byteOrder);
        expect(decodeRegisters({ type, byteOrder, bit: null, lengthBytes: null }, bytes)).toBe(raw);
      }),
    );
  }
});

it('takes no value of another kind', () => {
  expect(() => encodeRegisters('1', 'uint16', 'ABCD')).toThrow('a string is written as uint16');
  expect(() => encodeRegisters(1n, 'uint16', 'ABCD')).toThrow('a bigint is written as uint16');
  expect(() => encodeRegisters(1, 'int64', 'ABCD')).toThrow('a number is written as int64');
});
