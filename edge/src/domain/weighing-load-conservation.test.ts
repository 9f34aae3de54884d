/** Whatever stands, swings, is topped up or cannot be read: a load is weighed once or not at all. */
import fc from 'fast-check';
import type { Weighing } from '@trame/protocol/ledger-payloads';
import { bad } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { PLATFORM, ScaleBench } from './test-weighing.ts';

const RUNS = 200;
const MIN_GRAMS = 1000;
const EMPTY = { gross: 0, stable: true, overload: false };

type Move =
  | { readonly kind: 'stand' | 'swing'; readonly grossGrams: number; readonly forMs: number }
  | { readonly kind: 'blind'; readonly forMs: number }
  | { readonly kind: 'overload'; readonly forMs: number }
  | { readonly kind: 'restart' };

const forMs = fc.integer({ min: 1, max: 30 }).map((tenths) => tenths * 100);
const grossGrams = fc.integer({ min: 0, max: 300_000 });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('stand' as const), grossGrams, forMs }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('swing' as const), grossGrams, forMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('blind' as const), forMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('overload' as const), forMs }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
);
/** All that happens between two moments at which the scale is plainly empty. */
const visit = fc.array(move, { maxLength: 12 });

function does(bench: ScaleBench, step: Move): void {
  switch (step.kind) {
    case 'stand':
      bench.stands({ ...EMPTY, gross: step.grossGrams }, step.forMs);
      return;
    case 'swing':
      bench.stands({ ...EMPTY, gross: step.grossGrams, stable: false }, step.forMs);
      return;
    case 'blind':
      bench.hides(bad('device-offline'), 'gross', 'stable').stands({}, step.forMs);
      return;
    case 'overload':
      bench.stands({ gross: 305_000, stable: false, overload: true }, step.forMs);
      return;
    case 'restart':
      bench.restarts();
  }
}

/** How often the moves could let a scale believe that it was empty: below Min, or not seen. */
function emptyings(moves: readonly Move[]): number {
  return moves.filter((step) => 'grossGrams' in step && step.grossGrams < MIN_GRAMS).length;
}

describe('a scale that keeps no numbers', () => {
  const plate = { ...PLATFORM, minGrams: MIN_GRAMS, maxGrams: 300_000, intervalGrams: 50 };

  it('records at most one weighing for each time it was empty, of a weight that stood there', () => {
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 5 }), (visits) => {
        const bench = new ScaleBench(plate);
        for (const moves of visits) {
          bench.stands(EMPTY);
          const before = bench.records.length;
          for (const step of moves) does(bench, step);
          const weighed = bench.records
            .slice(before)
            .filter(({ type }) => type === 'weighing.recorded')
            .map(({ payload }) => (payload as Weighing).netGrams);
          const stood = moves.flatMap((step) => (step.kind === 'stand' ? [step.grossGrams] : []));
          expect(weighed.length).toBeLessThanOrEqual(1 + emptyings(moves));
          for (const grams of weighed) expect(stood).toContain(grams);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('records the next load that stands on it after it was empty, whatever came before', () => {
    fc.assert(
      fc.property(visit, fc.integer({ min: MIN_GRAMS, max: 300_000 }), (moves, grams) => {
        const bench = new ScaleBench(plate);
        for (const step of moves) does(bench, step);
        bench.stands(EMPTY);
        expect(bench.stands({ ...EMPTY, gross: grams })).toMatchObject([{ payload: { netGrams: grams } }]);
      }),
      { numRuns: RUNS },
    );
  });
});
