import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOOD } from '@trame/protocol/quality';
import { BYTE_ORDERS, type ByteOrder, type TagType, type TagValue } from '@trame/protocol/tag';
import { decodeAnswer, decodeRegisters } from './decode.ts';
import { planReads } from './plan-reads.ts';
import { tag } from './testing/device-config.ts';

/** How a device with this order lays the letters A, B, C … of a big-endian value down: written out, not computed. */
const LAYOUT: Readonly<Record<ByteOrder, Readonly<Record<2 | 4 | 8, string>>>> = {
  ABCD: { 2: 'AB', 4: 'ABCD', 8: 'ABCDEFGH' },
  CDAB: { 2: 'AB', 4: 'CDAB', 8: 'GHEFCDAB' },
  BADC: { 2: 'BA', 4: 'BADC', 8: 'BADCFEHG' },
  DCBA: { 2: 'BA', 4: 'DCBA', 8: 'HGFEDCBA' },
};

const WRITERS: Readonly<
  Record<Exclude<TagType, 'bool' | 'string'>, [2 | 4 | 8, (view: DataView, value: never) => void]>
> = {
  int16: [2, (view, value) => view.setInt16(0, value)],
  uint16: [2, (view, value) => view.setUint16(0, value)],
  int32: [4, (view, value) => view.setInt32(0, value)],
  uint32: [4, (view, value) => view.setUint32(0, value)],
  int64: [8, (view, value) => view.setBigInt64(0, value)],
  uint64: [8, (view, value) => view.setBigUint64(0, value)],
  float32: [4, (view, value) => view.setFloat32(0, value)],
  float64: [8, (view, value) => view.setFloat64(0, value)],
};

type NumberType = keyof typeof WRITERS;

function encode(type: NumberType, order: ByteOrder, value: TagValue): Uint8Array {
  const [size, write] = WRITERS[type];
  const view = new DataView(new ArrayBuffer(size));
  write(view, value as never);
  return Uint8Array.from(LAYOUT[order][size], (letter) => view.getUint8(letter.charCodeAt(0) - 65));
}

const ANY: Readonly<Record<NumberType, fc.Arbitrary<TagValue>>> = {
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  uint16: fc.integer({ min: 0, max: 65_535 }),
  int32: fc.integer(),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float(),
  float64: fc.double(),
};

const plain = { bit: null, lengthBytes: null };

describe.each(Object.keys(WRITERS) as NumberType[])('decoding %s', (type) => {
  it.each(BYTE_ORDERS)('gives back what a device wrote as %s', (byteOrder) => {
    fc.assert(
      fc.property(ANY[type], (value) => {
        const read = decodeRegisters({ ...plain, type, byteOrder }, encode(type, byteOrder, value));
        expect(Object.is(read, value)).toBe(true);
      }),
    );
  });
});

function bitOf(index: number, byteOrder: ByteOrder, bytes: Uint8Array): TagValue | null {
  return decodeRegisters({ type: 'bool', byteOrder, bit: index, lengthBytes: null }, bytes);
}

function text(byteOrder: ByteOrder, lengthBytes: number, bytes: string | number[]): TagValue | null {
  const raw = typeof bytes === 'string' ? Buffer.from(bytes) : Uint8Array.from(bytes);
  return decodeRegisters({ type: 'string', byteOrder, bit: null, lengthBytes }, raw);
}

describe('decoding registers', () => {
  it('finds each bit, 0 lowest, after the byte order', () => {
    for (let bit = 0; bit < 16; bit += 1) {
      const word = 1 << bit;
      const straight = Uint8Array.of(word >> 8, word & 0xff);
      const swapped = Uint8Array.of(word & 0xff, word >> 8);
      for (let index = 0; index < 16; index += 1) {
        expect(bitOf(index, 'CDAB', straight)).toBe(index === bit);
        expect(bitOf(index, 'DCBA', swapped)).toBe(index === bit);
      }
    }
  });

  it('reads text by its length in bytes, without the NULs behind it', () => {
    expect(text('ABCD', 5, 'ABCDEx')).toBe('ABCDE');
    expect(text('CDAB', 6, 'ABCD\0\0')).toBe('ABCD');
    expect(text('BADC', 6, 'BADCFE')).toBe('ABCDEF');
    expect(text('DCBA', 5, 'BADCxE')).toBe('ABCDE');
    expect(text('ABCD', 4, 'A\0B\0')).toBe('A\0B');
    expect(text('ABCD', 4, '\0\0\0\0')).toBe('');
    expect(text('ABCD', 4, 'été\0')).toBeNull();
    expect(text('ABCD', 5, 'été\0')).toBe('été');
    expect(text('ABCD', 2, [0xc3, 0x28])).toBeNull();
  });
});

describe('decoding an answer', () => {
  it('gives each tag its own bytes, bit or register', () => {
    const limits = { maxWords: 125, maxGap: 8 };
    const registers = [
      tag('a', 10),
      tag('b', 12, { type: 'int32' }),
      tag('c', 12, { type: 'bool', bit: 15 }),
    ];
    const [first] = planReads(registers, limits);
    const data = Uint8Array.of(0, 7, 9, 9, 0xff, 0xff, 0xff, 0xfe);
    expect(first === undefined ? [] : values(decodeAnswer(first, data))).toStrictEqual([
      ['a', 7],
      ['c', true],
      ['b', -2],
    ]);
    const bits = [3, 4, 11].map((address) =>
      tag(`d${address}`, address, { register: 'discrete', type: 'bool' }),
    );
    const [second] = planReads(bits, limits);
    expect(second === undefined ? [] : values(decodeAnswer(second, Uint8Array.of(0b10, 0b1)))).toStrictEqual([
      ['d3', false],
      ['d4', true],
      ['d11', true],
    ]);
  });

  it('never gives a number that is none', () => {
    const [request] = planReads([tag('x', 0, { type: 'float32' })], { maxWords: 125, maxGap: 0 });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const read = request === undefined ? [] : decodeAnswer(request, encode('float32', 'ABCD', value));
      const quality = { level: 'bad', reason: 'not-a-value' };
      expect(read).toStrictEqual([{ tag: 'x', value: null, quality, sourceTimeMs: null }]);
    }
  });

  it('scales, and doubts what is out of range', () => {
    const scaled = tag('x', 0, { type: 'int16', scale: 0.5, offset: 10, range: [0, 20] });
    const [request] = planReads([scaled], { maxWords: 125, maxGap: 0 });
    const read = (value: number) =>
      request === undefined ? null : decodeAnswer(request, encode('int16', 'ABCD', value))[0];
    expect(read(20)).toMatchObject({ value: 20, quality: GOOD });
    expect(read(22)).toMatchObject({ value: 21, quality: { level: 'uncertain', reason: 'out-of-range' } });
  });
});

function values(readings: ReturnType<typeof decodeAnswer>): [string, TagValue | null][] {
  return readings.map(({ tag, value }) => [tag, value]);
}
