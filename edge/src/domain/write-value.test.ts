import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TAG_TYPES, type TagType, type TagValue } from '@trame/protocol/tag';
import { fitsType } from './fits-type.ts';
import { scaleValue } from './scale-value.ts';
import { outsideRange, rawToWrite, readsAsWritten } from './write-value.ts';

const PLAIN = { scale: 1, offset: 0, range: null };

const RAW: Readonly<Record<TagType, fc.Arbitrary<TagValue>>> = {
  bool: fc.boolean(),
  string: fc.string(),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  uint16: fc.integer({ min: 0, max: 65_535 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }),
};
const NARROW = ['int16', 'uint16', 'int32', 'uint32'] as const;
const SCALES = [0.001, 0.01, 0.1, 0.25, 0.5, 2, 10, -0.1];

describe('a value to write', () => {
  it('becomes the raw value that is read as it, of every type', () => {
    for (const type of TAG_TYPES) {
      fc.assert(
        fc.property(RAW[type], (raw) => {
          const written = rawToWrite(raw, type, PLAIN);
          expect(written.kind === 'raw' && readsAsWritten(written.raw, raw)).toBe(true);
        }),
      );
    }
  });

  it('reaches the very integer that was read, whatever the scale and offset', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NARROW).chain((type) => fc.tuple(fc.constant(type), RAW[type])),
        fc.constantFrom(...SCALES),
        fc.integer({ min: -1000, max: 1000 }),
        ([type, raw], scale, offset) => {
          const { value } = scaleValue(raw, { scale, offset, range: null });
          expect(value).not.toBeNull();
          expect(rawToWrite(value ?? 0, type, { scale, offset, range: null })).toStrictEqual({
            kind: 'raw',
            raw: raw === 0 ? 0 : raw,
          });
        },
      ),
    );
  });

  it('never becomes what its type cannot hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.bigInt(), fc.boolean(), fc.string(), fc.integer()),
        fc.constantFrom(...TAG_TYPES),
        fc.constantFrom(1, ...SCALES),
        (value, type, scale) => {
          const written = rawToWrite(value, type, { scale, offset: 0, range: null });
          expect(written.kind === 'refused' ? written.reason !== '' : fitsType(written.raw, type)).toBe(true);
        },
      ),
    );
  });

  it.each([
    [2n ** 53n + 1n, 'float64', PLAIN, '9007199254740993 n’entre pas dans un float64'],
    [2 ** 53, 'int64', PLAIN, '9007199254740992 n’entre pas dans un int64'],
    [1e39, 'float32', PLAIN, '1e+39 n’entre pas dans un float32'],
    [1e-60, 'float32', PLAIN, '1e-60 n’entre pas dans un float32'],
    [70_000n, 'uint16', PLAIN, '70000 n’entre pas dans un uint16'],
    ['12', 'uint16', PLAIN, '« 12 » n’est pas une valeur de type uint16'],
    [1, 'string', PLAIN, '1 n’est pas une valeur de type string'],
    [
      1.3,
      'int16',
      { scale: 0.25, offset: 0, range: null },
      '1,3 ne se règle pas : l’appareil avance par pas de 0,25',
    ],
    [6.5, 'int16', { scale: 0.5, offset: 0, range: [0, 6.4] }, '6,5 est hors des limites 0 à 6,4'],
  ] as const)('%s as %s is refused in words', (value, type, scaling, reason) => {
    expect(rawToWrite(value, type, scaling)).toStrictEqual({ kind: 'refused', reason });
  });

  it('counts both ends of its range as inside', () => {
    const scaling = { scale: 1, offset: 0, range: [0.1, 1.2] } as const;
    expect(outsideRange(0.1, scaling)).toBeNull();
    expect(outsideRange(1.2, scaling)).toBeNull();
    expect(outsideRange(1.2000001, scaling)).toBe('1,2000001 est hors des limites 0,1 à 1,2');
    expect(rawToWrite(0.1, 'float32', scaling)).toStrictEqual({ kind: 'raw', raw: Math.fround(0.1) });
  });
});
