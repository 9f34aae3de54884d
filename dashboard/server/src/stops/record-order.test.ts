import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inRecordedOrder } from './record-order.ts';

const told = (...times: readonly number[]) => times.map((at, n) => ({ id: `e${9 - n}`, at, place: n + 1 }));
const timesOf = (...times: readonly number[]) => inRecordedOrder(told(...times)).map(({ at }) => at);

describe('what a line said', () => {
  it('stands in the order in which it was recorded, whatever its clock did in between', () => {
    expect(timesOf(1, 2, 2, 5)).toEqual([1, 2, 2, 5]);
    // Set back: what was told before by the clock that was fast came no later than what was told after.
    expect(timesOf(0, 100, 88, 200)).toEqual([0, 88, 88, 200]);
    // One time far away, later or earlier, moves no other.
    expect(timesOf(10, 9_999, 20, 30)).toEqual([10, 20, 20, 30]);
    expect(timesOf(10, 20, 0, 30)).toEqual([10, 20, 20, 30]);
    expect(timesOf(10, 9_999)).toEqual([10, 9_999]);
    expect(timesOf(9_999, 10)).toEqual([10, 10]);
    expect(inRecordedOrder(told(5, 5)).map(({ id }) => id)).toEqual(['e9', 'e8']);
  });

  it('stands by its time where nobody knows when it was recorded', () => {
    const said = told(7, 5, 5).map((one) => ({ ...one, place: null }));
    expect(inRecordedOrder(said).map(({ id }) => id)).toEqual(['e7', 'e8', 'e9']);
  });

  it('never goes back, keeps what is in order, and moves no more than it must', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 12 }), (times) => {
        const after = timesOf(...times);
        expect(after).toEqual(after.toSorted((a, b) => a - b));
        const moved = after.filter((at, n) => at !== times[n]).length;
        // The longest that never falls, by the slow way.
        const longest: number[] = [];
        for (const [n, at] of times.entries()) {
          const before = longest.slice(0, n).filter((_, m) => (times[m] ?? 0) <= at);
          longest.push(1 + Math.max(0, ...before));
        }
        expect(moved).toBeLessThanOrEqual(times.length - Math.max(0, ...longest));
      }),
    );
  });
});
