import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDropped, type BatchFacts } from './choose-dropped.ts';

const batches = fc
  .array(fc.record({ bytes: fc.integer({ min: 1, max: 5000 }), ageMs: fc.integer({ min: 0, max: 1000 }) }), {
    maxLength: 40,
  })
  .map((drafts): readonly BatchFacts[] =>
    drafts.map(({ bytes, ageMs }, id) => ({ id, samples: 1, fromMs: -ageMs, toMs: -ageMs, bytes })),
  );

describe('what goes when there is no room', () => {
  it('is a front part, no longer than it has to be, each with its reason', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: -100, max: 100_000 }), (all, excessBytes) => {
        const dropped = chooseDropped(all, { excessBytes, tooOldBeforeMs: -500 });
        expect(dropped.map(({ id }) => id)).toEqual(all.slice(0, dropped.length).map(({ id }) => id));
        const freed = (count: number): number =>
          dropped.slice(0, count).reduce((sum, { bytes }) => sum + bytes, 0);
        const isEnough = freed(dropped.length) >= excessBytes || dropped.length === all.length;
        const last = dropped.at(-1);
        const isNeeded = last === undefined || last.toMs < -500 || freed(dropped.length - 1) < excessBytes;
        expect([isEnough, isNeeded]).toEqual([true, true]);
        for (const { toMs, reason } of dropped) expect(reason).toBe(toMs < -500 ? 'too-old' : 'spool-full');
        const next = all[dropped.length];
        expect(next === undefined || next.toMs >= -500).toBe(true);
      }),
    );
  });
});
