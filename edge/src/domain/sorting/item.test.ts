import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIFE_PATTERN } from '@trame/protocol/classification/item-names';
import { compareItemPlaces, itemId, itemKey, nextLife } from './item.ts';
import { START_MS } from './test-item.ts';

const key = fc.record({
  device: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$/u),
  life: fc.stringMatching(/^[0-9a-f]{8}$/u),
  seq: fc.nat(0xffff_ffff),
});

describe('the id of a piece', () => {
  it('says which piece it is, and no other text does', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(itemKey(itemId(one))).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = itemKey(text);
        expect(found === null ? text : itemId(found)).toBe(text);
      }),
    );
  });

  it.each([
    'nir:69070000:4294967296',
    'nir:69070000:007',
    'nir:69070000:',
    'nir:6907000:1',
    'a b:69070000:1',
  ])('%s is none', (text) => expect(itemKey(text)).toBeNull());
});

describe('a new life of numbers', () => {
  it('comes after every one before it, whatever the clock says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10, max: 2 ** 31 }), { maxLength: 20 }), (seconds) => {
        const lives: string[] = [];
        for (const second of seconds) lives.push(nextLife(lives.at(-1) ?? null, 1000 * second));
        for (const [index, life] of lives.entries()) {
          expect(life).toMatch(new RegExp(LIFE_PATTERN, 'u'));
          const before = { life: lives[index - 1] ?? '', seq: 0xffff_ffff };
          expect(compareItemPlaces(before, { life, seq: 0 })).toBeLessThan(0);
        }
      }),
    );
  });

  it('says when it began, and has an end in 2106', () => {
    expect(nextLife(null, START_MS)).toBe((START_MS / 1000).toString(16));
    expect(() => nextLife('ffffffff', START_MS)).toThrow('there is no life after ffffffff');
  });
});
