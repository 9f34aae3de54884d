import { describe, expect, it } from 'vitest';
import { encodeRegisters, type ByteOrder, type RegisterType } from './register-encoding.ts';

/** Hand-made: 0x0A0B0C0D and the like, so that every byte can be followed. */
const cases: [RegisterType, ByteOrder, number | bigint, number[]][] = [
  ['uint16', 'ABCD', 0x0a0b, [0x0a0b]],
  ['uint16', 'BADC', 0x0a0b, [0x0b0a]],
  ['int16', 'ABCD', -2, [0xfffe]],
  ['uint32', 'ABCD', 0x0a0b0c0d, [0x0a0b, 0x0c0d]],
  ['uint32', 'CDAB', 0x0a0b0c0d, [0x0c0d, 0x0a0b]],
  ['uint32', 'BADC', 0x0a0b0c0d, [0x0b0a, 0x0d0c]],
  ['uint32', 'DCBA', 0x0a0b0c0d, [0x0d0c, 0x0b0a]],
  ['int32', 'ABCD', -1, [0xffff, 0xffff]],
  ['float32', 'ABCD', 1, [0x3f80, 0x0000]],
  ['float32', 'CDAB', 1, [0x0000, 0x3f80]],
  ['float64', 'ABCD', 1, [0x3ff0, 0, 0, 0]],
  ['float64', 'DCBA', 1, [0, 0, 0, 0xf03f]],
  ['uint64', 'ABCD', 0x0102030405060708n, [0x0102, 0x0304, 0x0506, 0x0708]],
  ['uint64', 'CDAB', 0x0102030405060708n, [0x0708, 0x0506, 0x0304, 0x0102]],
];

describe('registers', () => {
  it.each(cases)('hold a %s in order %s', (type, order, value, words) => {
    expect(encodeRegisters(type, order, value)).toEqual(words);
  });

  it('hold text two characters each, filled with NUL, whatever the order', () => {
    expect(encodeRegisters('string', 'DCBA', 'TR1', 6)).toEqual([0x5452, 0x3100, 0]);
  });
});
