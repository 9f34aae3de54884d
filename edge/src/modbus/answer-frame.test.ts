import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16, findAnswer, type Framing } from './answer-frame.ts';
import { framed } from './testing/scripted-server.ts';

const expected = { unit: 1, code: 3, dataBytes: 4, transaction: 300 };
const framing = fc.constantFrom<Framing>('mbap', 'rtu');

describe('the checksum', () => {
  it('is the one of the standard', () => {
    // «MODBUS over Serial Line» 1.02, appendix B: 02 07 → 41 12, low byte first on the line.
    expect(crc16(Uint8Array.of(0x02, 0x07))).toBe(0x1241);
    expect(crc16(Buffer.from('123456789'))).toBe(0x4b37);
  });
});

describe('looking for an answer', () => {
  it('finds it at its last byte and not before, however much noise of its own kind precedes it', () => {
    const data = fc.uint8Array({ minLength: 4, maxLength: 4 });
    const strangers = fc.array(fc.record({ transaction: fc.integer({ min: 0, max: 299 }), data }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(framing, data, strangers, (kind, wanted, others) => {
        const body = Buffer.from([1, 3, 4, ...wanted]);
        // On a line, a stranger is another unit; on TCP, another transaction.
        const before = others.map(({ transaction, data }) =>
          framed(kind, transaction, Buffer.from([kind === 'rtu' ? 9 : 1, 3, 4, ...data])),
        );
        const all = Buffer.concat([...before, framed(kind, expected.transaction, body)]);
        const short = findAnswer(kind, all.subarray(0, -1), expected);
        expect(short).toStrictEqual({ kind: 'partial' });
        const found = findAnswer(kind, all, expected);
        expect(found.kind === 'answer' ? Buffer.from(found.frame) : found).toStrictEqual(body);
      }),
    );
  });

  it('never throws, and never takes anything but an answer to the request', () => {
    fc.assert(
      fc.property(framing, fc.uint8Array({ maxLength: 600 }), (kind, bytes) => {
        const found = findAnswer(kind, bytes, expected);
        const frame = found.kind === 'answer' ? found.frame : Uint8Array.of(1, 0x83, 0);
        expect([frame[0], (frame[1] ?? 0) & 0x7f]).toStrictEqual([1, 3]);
        expect([3, 7]).toContain(frame.length);
      }),
      { numRuns: 2000 },
    );
  });
});
