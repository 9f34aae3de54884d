import { describe, expect, it } from 'vitest';
import { planReads } from './plan-reads.ts';
import { tag } from './testing/device-config.ts';
import { remember, signOfLife, type Witnesses } from './witnesses.ts';

const all = planReads(
  [0, 100, 200, 300, 400].map((address) => tag(String(address), address)),
  { maxWords: 125, maxGap: 8 },
);
const known = [0, 1, 2, 3].reduce((witnesses: Witnesses, index) => {
  const request = all[index];
  return request === undefined ? witnesses : remember(witnesses, request);
}, []);

describe('witnesses', () => {
  it('are the three requests answered last', () => {
    expect(known.map(({ address }) => address)).toStrictEqual([300, 200, 100]);
    const [, second] = known;
    if (second === undefined) throw new Error('nothing remembered');
    expect(remember(known, second).map(({ address }) => address)).toStrictEqual([200, 300, 100]);
  });

  it('are asked one after the other, never the accused one', () => {
    const accused = known[0] ?? null;
    const asked = [1, 2, 3].map((failures) => signOfLife(known, failures, accused, null)?.address);
    expect(asked).toStrictEqual([200, 100, 200]);
    expect(signOfLife(accused === null ? [] : [accused], 1, accused, null)).toBeNull();
  });

  it('take turns with every other request once the unit is given up', () => {
    const asked = Array.from({ length: 12 }, (_, index) => signOfLife(known, index + 1, null, all)?.address);
    expect(new Set(asked)).toStrictEqual(new Set([0, 100, 200, 300, 400]));
    const without = [1, 2, 3, 4, 5].map((failures) => signOfLife([], failures, null, all)?.address);
    expect(without).toStrictEqual([100, 200, 300, 400, 0]);
  });
});
