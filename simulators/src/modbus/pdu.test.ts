import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPdu } from './pdu.ts';
import type { RegisterImage, WritableField } from './register-map.ts';

const image: RegisterImage = {
  coil: new Map([
    [1, 1],
    [2, 0],
  ]),
  discrete: new Map([
    [3, 1],
    [4, 0],
    [5, 1],
  ]),
  holding: new Map([
    [100, 0x1234],
    [101, 0x5678],
    [110, 9],
  ]),
  input: new Map([[0, 42]]),
};

function slave(): { ask: (...request: number[]) => number[]; written: number[][] } {
  const written: number[][] = [];
  const writable: WritableField[] = [
    {
      table: 'coil',
      address: 1,
      words: 1,
      apply: (words) => {
        written.push([...words]);
        return true;
      },
    },
    {
      table: 'holding',
      address: 100,
      words: 2,
      apply: (words) => {
        if (words[0] === 0xffff) return false;
        written.push([...words]);
        return true;
      },
    },
  ];
  return {
    written,
    ask: (...request) => [...answerPdu(Uint8Array.from(request), { image, writable })],
  };
}

describe('a slave', () => {
  it('reads bits, lowest address in the lowest bit', () => {
    expect(slave().ask(2, 0, 3, 0, 3)).toEqual([2, 1, 0b101]);
    expect(slave().ask(1, 0, 1, 0, 2)).toEqual([1, 1, 0b01]);
  });

  it('reads holding and input registers', () => {
    expect(slave().ask(3, 0, 100, 0, 2)).toEqual([3, 4, 0x12, 0x34, 0x56, 0x78]);
    expect(slave().ask(4, 0, 0, 0, 1)).toEqual([4, 2, 0, 42]);
  });

  it('refuses an address it does not have, also in the middle of a run', () => {
    expect(slave().ask(3, 0, 102, 0, 1)).toEqual([0x83, 2]);
    expect(slave().ask(3, 0, 100, 0, 11)).toEqual([0x83, 2]);
    expect(slave().ask(3, 0xff, 0xff, 0, 2)).toEqual([0x83, 2]);
  });

  it('refuses counts of 0 and beyond the protocol limits', () => {
    expect(slave().ask(3, 0, 100, 0, 0)).toEqual([0x83, 3]);
    expect(slave().ask(3, 0, 100, 0, 126)).toEqual([0x83, 3]);
    expect(slave().ask(2, 0, 3, 0x07, 0xd1)).toEqual([0x82, 3]);
  });

  it('refuses functions it does not have', () => {
    expect(slave().ask(0x2b, 14, 1, 0)).toEqual([0xab, 1]);
  });

  it('writes one coil, takes only 0x0000 and 0xFF00, and echoes the request', () => {
    const { ask, written } = slave();
    expect(ask(5, 0, 1, 0xff, 0)).toEqual([5, 0, 1, 0xff, 0]);
    expect(written).toEqual([[1]]);
    expect(ask(5, 0, 1, 0, 1)).toEqual([0x85, 3]);
    expect(ask(5, 0, 2, 0xff, 0)).toEqual([0x85, 2]);
  });

  it('writes registers that make up whole fields, and refuses half a field or a refused value', () => {
    const { ask, written } = slave();
    expect(ask(16, 0, 100, 0, 2, 4, 1, 2, 3, 4)).toEqual([16, 0, 100, 0, 2]);
    expect(written).toEqual([[0x0102, 0x0304]]);
    expect(ask(6, 0, 100, 0, 1)).toEqual([0x86, 2]);
    expect(ask(16, 0, 100, 0, 2, 4, 0xff, 0xff, 0, 0)).toEqual([0x90, 3]);
    expect(ask(16, 0, 100, 0, 2, 3, 1, 2, 3, 4)).toEqual([0x90, 3]);
  });

  it('answers any bytes with an answer of its function or an exception of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 253 }), (request) => {
        const answer = slave().ask(...request);
        const code = request[0] ?? 0;
        expect([code, code | 0x80]).toContain(answer[0]);
        expect(answer.length).toBeLessThanOrEqual(253);
      }),
    );
  });
});
