import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TAG_TYPES } from '@trame/protocol/tag';
import type { ModbusTag } from '../domain/line-config.ts';
import { isBitRegister, wordsOf } from '../domain/modbus-width.ts';
import { planReads, splitRequest, tagsOf, type ReadRequest } from './plan-reads.ts';
import { tag } from './testing/device-config.ts';

const spans = (requests: readonly ReadRequest[]) =>
  requests.map(({ register, address, count }) => `${register} ${address}+${count}`);

describe('planning reads', () => {
  it('reads neighbours together, over small gaps only', () => {
    const tags = [tag('a', 100, { type: 'float32' }), tag('b', 102), tag('c', 106), tag('d', 130)];
    expect(spans(planReads(tags, { maxWords: 125, maxGap: 3 }))).toStrictEqual([
      'holding 100+7',
      'holding 130+1',
    ]);
    expect(spans(planReads(tags, { maxWords: 125, maxGap: 2 }))).toStrictEqual([
      'holding 100+3',
      'holding 106+1',
      'holding 130+1',
    ]);
  });

  it('never cuts a value in two', () => {
    const tags = [0, 2, 4].map((address) => tag(`t${address}`, address, { type: 'uint32' }));
    expect(spans(planReads(tags, { maxWords: 5, maxGap: 8 }))).toStrictEqual(['holding 0+4', 'holding 4+2']);
  });

  it('reads several bits of one register once, and tables apart', () => {
    const tags = [
      tag('b0', 7, { type: 'bool', bit: 0 }),
      tag('b9', 7, { type: 'bool', bit: 9 }),
      tag('i', 7, { register: 'input' }),
      tag('c', 7, { register: 'coil', type: 'bool' }),
    ];
    const requests = planReads(tags, { maxWords: 125, maxGap: 8 });
    expect(spans(requests)).toStrictEqual(['holding 7+1', 'input 7+1', 'coil 7+1']);
    expect(requests[0]?.blocks).toHaveLength(1);
  });

  it('counts bits sixteen to a register', () => {
    const tags = [0, 40, 70].map((address) =>
      tag(`c${address}`, address, { register: 'coil', type: 'bool' }),
    );
    expect(spans(planReads(tags, { maxWords: 125, maxGap: 2 }))).toStrictEqual(['coil 0+1', 'coil 40+31']);
    expect(spans(planReads(tags, { maxWords: 1, maxGap: 2 }))).toStrictEqual([
      'coil 0+1',
      'coil 40+1',
      'coil 70+1',
    ]);
    const far = [0, 1999, 2000].map((address) =>
      tag(`c${address}`, address, { register: 'coil', type: 'bool' }),
    );
    expect(spans(planReads(far, { maxWords: 125, maxGap: 125 }))).toStrictEqual([
      'coil 0+2000',
      'coil 2000+1',
    ]);
  });

  it('cuts a refused request at its widest gap, then in the middle', () => {
    const [request] = planReads([tag('a', 0), tag('b', 1), tag('c', 4), tag('d', 9)], {
      maxWords: 125,
      maxGap: 8,
    });
    if (request === undefined) throw new Error('no request');
    const [left, right] = splitRequest(request) ?? [];
    expect(spans([left, right].filter((half) => half !== undefined))).toStrictEqual([
      'holding 0+5',
      'holding 9+1',
    ]);
    const dense = planReads([tag('a', 0), tag('b', 1), tag('c', 2)], { maxWords: 125, maxGap: 8 })[0];
    expect(dense === undefined ? null : spans(splitRequest(dense) ?? [])).toStrictEqual([
      'holding 0+1',
      'holding 1+2',
    ]);
    expect(right === undefined ? undefined : splitRequest(right)).toBeNull();
  });
});

const anyTag = fc
  .record({
    register: fc.constantFrom('holding', 'input', 'coil', 'discrete' as const),
    type: fc.constantFrom(...TAG_TYPES),
    address: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65_400 })),
    lengthBytes: fc.integer({ min: 1, max: 16 }),
  })
  .map(({ register, type, address, lengthBytes }): ModbusTag => {
    const isBit = isBitRegister(register);
    const read = isBit ? 'bool' : type;
    return tag(`${register}/${address}/${type}`, address, {
      register,
      type: read,
      lengthBytes: read === 'string' ? lengthBytes : null,
      bit: !isBit && read === 'bool' ? 3 : null,
    });
  });

const anyLimits = fc.record({
  maxWords: fc.integer({ min: 8, max: 125 }),
  maxGap: fc.integer({ min: 0, max: 20 }),
});

/** What has to hold for any request. */
function isSound(request: ReadRequest, { maxWords, maxGap }: { maxWords: number; maxGap: number }): boolean {
  const perWord = isBitRegister(request.register) ? 16 : 1;
  let end = request.address;
  for (const block of request.blocks) {
    if (block.address < request.address || block.address + block.width > request.address + request.count)
      return false;
    if (block.address - end > maxGap * perWord) return false;
    end = Math.max(end, block.address + block.width);
    if (!block.tags.every((read) => read.address === block.address && wordsOf(read) === block.width))
      return false;
  }
  return end === request.address + request.count && request.count <= Math.min(maxWords * perWord, 2000);
}

describe('any plan', () => {
  it('reads each tag exactly once, within the limits', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 60 }), anyLimits, (tags, limits) => {
        const requests = planReads(tags, limits);
        const read = requests.flatMap(tagsOf);
        expect(read).toHaveLength(tags.length);
        expect(new Set(read)).toStrictEqual(new Set(tags));
        expect(requests.filter((request) => !isSound(request, limits))).toStrictEqual([]);
      }),
    );
  });

  it('comes down to one value a request when it is cut again and again', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 40 }), anyLimits, (tags, limits) => {
        const pending = planReads(tags, limits);
        const single: ReadRequest[] = [];
        for (let request = pending.pop(); request !== undefined; request = pending.pop()) {
          const halves = splitRequest(request);
          if (halves === null) single.push(request);
          else pending.push(...halves);
        }
        expect(single.every(({ blocks, count }) => blocks.length === 1 && blocks[0]?.width === count)).toBe(
          true,
        );
        expect(new Set(single.flatMap(tagsOf))).toStrictEqual(new Set(tags));
      }),
    );
  });
});
