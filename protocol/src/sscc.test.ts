import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isGs1Prefix, makeSscc, parseSscc, serialsOf } from './sscc.ts';

const VECTORS = ['376130321109103420', '157035381410375177', '080020080000012346'];

const prefixes = fc.stringMatching(/^\d{4,12}$/u);
const serialled = prefixes.chain((prefix) =>
  fc.record({
    prefix: fc.constant(prefix),
    extension: fc.nat(9),
    serial: fc.maxSafeNat().map((number) => number % serialsOf(prefix)),
  }),
);

function made(prefix: string, extension: number, serial: number): string {
  const result = makeSscc(prefix, extension, serial);
  if (result.kind !== 'made') throw new Error(`expected a code, not ${JSON.stringify(result)}`);
  return result.sscc;
}

test.each(VECTORS)('%s is a code, and is made again from its parts', (vector) => {
  expect(parseSscc(vector)).toBe(vector);
  expect(made(vector.slice(1, 8), Number(vector[0]), Number(vector.slice(8, 17)))).toBe(vector);
});

test('what is made is 18 digits: extension, prefix, serial reference, and a right check digit', () => {
  fc.assert(
    fc.property(serialled, ({ prefix, extension, serial }) => {
      const code = made(prefix, extension, serial);
      expect(code).toMatch(/^\d{18}$/u);
      expect(code.startsWith(`${extension}${prefix}`)).toBe(true);
      expect(Number(code.slice(1 + prefix.length, 17))).toBe(serial);
      expect(parseSscc(code)).toBe(code);
    }),
  );
});

test('one wrong digit, anywhere, is always found', () => {
  fc.assert(
    fc.property(
      serialled,
      fc.nat(17),
      fc.integer({ min: 1, max: 9 }),
      ({ prefix, extension, serial }, place, by) => {
        const code = made(prefix, extension, serial);
        const wrong = (Number(code[place]) + by) % 10;
        expect(parseSscc(`${code.slice(0, place)}${wrong}${code.slice(place + 1)}`)).toBeNull();
      },
    ),
  );
});

test('different serials give different codes', () => {
  fc.assert(
    fc.property(serialled, fc.maxSafeNat(), ({ prefix, extension, serial }, other) => {
      const another = other % serialsOf(prefix);
      fc.pre(another !== serial);
      expect(made(prefix, extension, another)).not.toBe(made(prefix, extension, serial));
    }),
  );
});

test('a prefix whose serials are used up says so', () => {
  expect(makeSscc('376130321109', 0, 9_999)).toMatchObject({ kind: 'made' });
  expect(makeSscc('376130321109', 0, 10_000)).toEqual({ kind: 'exhausted', serials: 10_000 });
});

test.each(['', '123', '1234567890123', '12a4', '１２３４', ' 1234'])('%j is no GS1 prefix', (text) => {
  expect(isGs1Prefix(text)).toBe(false);
  expect(() => makeSscc(text, 0, 0)).toThrow('GS1 company prefix');
});

test.each([
  [-1, 0],
  [10, 0],
  [0.5, 0],
  [0, -1],
  [0, 1.5],
  [0, Number.NaN],
])('extension %s with serial %s is a broken call', (extension, serial) => {
  expect(() => makeSscc('3761303', extension, serial)).toThrow(RangeError);
});

test.each(['', '37613032110910342', '3761303211091034200', '37613032110910342x', '٣76130321109103420'])(
  '%j is no code',
  (text) => {
    expect(parseSscc(text)).toBeNull();
  },
);
