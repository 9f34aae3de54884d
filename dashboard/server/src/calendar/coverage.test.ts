import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Coverage, Timeline } from './coverage.ts';
import { common, lengthMs } from './intervals.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]) => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 8 });

it('tells of any stretch how much of it is covered, and which parts', () => {
  fc.assert(
    fc.property(intervals, interval, (list, asked) => {
      const coverage = new Coverage(list);
      expect(coverage.cut(asked)).toEqual(common(list, [asked]));
      expect(coverage.within(asked)).toBe(lengthMs(common(list, [asked])));
    }),
    { numRuns: 1_000 },
  );
});

it('finds what touches a stretch, however much of it overlaps', () => {
  fc.assert(
    fc.property(intervals, interval, (list, asked) => {
      const wanted = list.filter(({ from, to }) => from <= asked.to && to >= asked.from);
      const byBeginning = wanted.sort((a, b) => a.from - b.from);
      expect(new Timeline(list).touching(asked)).toEqual(byBeginning);
    }),
    { numRuns: 1_000 },
  );
});
