import type { EstimatedComposition } from '@trame/protocol/classification/classification-answers';
import { ASSUMED_SAID_ERROR_POINTS as SAID } from '@trame/protocol/classification/composition-names';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortingError } from '../audits/error-interval.ts';
import { estimateComposition, type HeapEvidence } from './estimate-composition.ts';
import type { HeapSums } from './heap-sums.ts';
import { joinedCompositions } from './joined-compositions.ts';
import { sharesByHand, type Misplacing } from './sorted-by-hand.ts';

const UNREAD: HeapSums = { pieces: 0, described: 0, shares: {}, errorPoints: 0 };
const UNAUDITED: Misplacing = { error: null, misplaced: [] };
const NOTHING: HeapEvidence = {
  read: UNREAD,
  countedGrams: 0,
  handGrams: 0,
  said: null,
  misplacing: UNAUDITED,
  audit: null,
  grams: null,
};

function read(described: number, cotton: number, pieces = described, errorPoints = 0): HeapSums {
  const shares = { cotton: described * cotton, polyester: described * (100 - cotton) };
  return { pieces, described, shares, errorPoints };
}

function estimate(evidence: Partial<HeapEvidence>): EstimatedComposition {
  return estimateComposition({ ...NOTHING, ...evidence });
}

/** The first share's error. */
function errorOf(evidence: Partial<HeapEvidence>): number {
  return estimate(evidence).shares[0]?.errorPoints ?? Number.NaN;
}

function shareOf({ shares }: EstimatedComposition, fibre: string): readonly [number, number] {
  const found = shares.find((share) => share.fibre === fibre);
  return [found?.percent ?? 0, found?.errorPoints ?? 0];
}

describe('what is known of a heap', () => {
  it('is what was read of it, what hands sorted, both by mass, or nothing', () => {
    expect(estimate({})).toMatchObject({ source: 'unknown', shares: [], describedPercent: 0 });
    const said = { cotton: 60, polyester: 40 };
    const counted = { read: read(80, 90, 100), countedGrams: 30_000, grams: 30_000, said };
    const items = estimate(counted);
    expect(items).toMatchObject({ source: 'items', pieces: 100, described: 80, describedPercent: 80 });
    expect(items.shares.map(({ fibre, percent, grams }) => [fibre, percent, grams])).toEqual([
      ['cotton', 90, 27_000],
      ['polyester', 10, 3_000],
    ]);
    const both = estimate({ ...counted, handGrams: 10_000, grams: 40_000 });
    expect([both.source, both.describedPercent, shareOf(both, 'cotton')[0]]).toEqual(['both', 85, 82.5]);
    const unsaid = estimate({ ...counted, said: null, handGrams: 10_000, grams: 40_000 });
    expect([unsaid.source, unsaid.describedPercent, shareOf(unsaid, 'cotton')[0]]).toEqual(['items', 60, 90]);
    expect(estimate({ ...counted, countedGrams: 0, handGrams: 10_000 }).source).toBe('items');
    expect(estimate({ said, handGrams: 10_000, grams: 10_000 })).toMatchObject({
      source: 'hand',
      pieces: 0,
      describedPercent: 100,
      audit: null,
    });
  });

  it('is no better than the readings, and worse where pieces were not read or weigh differently', () => {
    // Spread at its largest: 50 points, half of them read, of 60.6 kg that are 202 pieces.
    expect(errorOf({ read: read(101, 50, 101) })).toBeCloseTo((0.7 * 50) / Math.sqrt(101), 1);
    const half = { read: read(101, 50, 101), countedGrams: 60_600, grams: 60_600 };
    expect(errorOf(half)).toBeCloseTo(Math.sqrt(0.5 * 25 + 0.5 * 0.49 * 24.75), 1);
    expect(estimate(half)).toMatchObject({ source: 'items', describedPercent: 50 });
    expect(errorOf({ read: read(10_000_000, 50, 10_000_000, 4) })).toBeCloseTo(4, 1);
    // All that was read is cotton, and most was not read.
    expect(errorOf({ read: read(10, 100, 1_000) })).toBeGreaterThan(10);
    expect(errorOf({ read: read(1, 100, 2) })).toBeGreaterThan(35);
  });

  it('is not that of the few pieces that were read where far more was counted', () => {
    const few = { read: read(10, 0), countedGrams: 6_000_000, grams: 6_000_000 };
    const said = estimate({ ...few, said: { cotton: 80, polyester: 20 } });
    // 3 kg as they were read, the rest as it is said.
    expect([said.source, ...shareOf(said, 'cotton')]).toEqual([
      'both',
      79.96,
      expect.closeTo(Math.hypot(5.7, SAID), 1),
    ]);
    expect(said.describedPercent).toBe(100);
    const unsaid = estimate(few);
    expect([unsaid.source, unsaid.describedPercent]).toEqual(['items', 0.05]);
    // As it is of a sample of ten.
    expect(shareOf(unsaid, 'polyester')).toEqual([100, expect.closeTo(11.66, 1)]);
    // Weighed out where nothing counts: as counted.
    const weighed = { read: few.read, handGrams: 6_000_000, grams: 6_000_000 };
    expect(estimate({ ...weighed, said: { cotton: 80, polyester: 20 } })).toEqual(said);
    expect(estimate(weighed)).toEqual(unsaid);
    // Pieces may weigh twice as much as is assumed, so all of it may be what was read; how much was, is said.
    const heavy = { ...few, countedGrams: 6_000, grams: 6_000, said: { cotton: 100 } };
    expect(estimate(heavy)).toMatchObject({
      source: 'items',
      describedPercent: 50,
      shares: [{ fibre: 'polyester', percent: 100 }],
    });
    // Thrown in besides, and nobody says what: it is told apart, and known no better than by a sample.
    const light = { read: read(100, 50), countedGrams: 15_000, handGrams: 15_000, grams: 30_000 };
    expect(estimate(light).describedPercent).toBe(50);
    expect(errorOf(light)).toBeCloseTo(Math.sqrt(0.5 * 25.25 + 0.5 * 0.49 * 25), 1);
  });

  it('may be anything else of what was refused: that hangs together with what it is made of', () => {
    const most = estimate({ read: read(10, 0, 10_000), countedGrams: 3_000_000, grams: 3_000_000 });
    expect([most.describedPercent, ...shareOf(most, 'polyester')]).toEqual([0.1, 100, 100]);
    // However many pieces there are: half of them may be of no cotton, or of nothing else.
    expect(errorOf({ read: read(10_000, 70, 20_000) })).toBeCloseTo(35, 1);
    expect(errorOf({ read: read(9_500, 100, 10_000) })).toBeCloseTo(5, 1);
    expect(errorOf({ read: read(10_000, 100, 10_000) })).toBeLessThan(0.1);
  });

  it('adds up to a hundred and to the gram, errs by no less than nothing, and reading more never widens it', () => {
    const some: fc.Arbitrary<Composition> = fc.dictionary(
      fc.constantFrom(...RECOGNISED_FIBRES),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      { maxKeys: 5 },
    );
    const evidence = fc.record({
      described: fc.integer({ min: 0, max: 5_000 }),
      unread: fc.integer({ min: 0, max: 5_000 }),
      seen: some,
      errorPoints: fc.double({ min: 0, max: 30, noNaN: true }),
      countedGrams: fc.integer({ min: -1_000, max: 10_000_000 }),
      handGrams: fc.integer({ min: -1_000, max: 10_000_000 }),
      said: fc.option(some),
      misplaced: fc.array(fc.record({ grams: fc.integer({ min: 1, max: 5_000 }), said: fc.option(some) }), {
        maxLength: 3,
      }),
      sampledGrams: fc.option(fc.integer({ min: 20_000, max: 900_000 })),
    });
    fc.assert(
      fc.property(evidence, (made) => {
        const { described, unread, seen, errorPoints, countedGrams, handGrams, said, misplaced } = made;
        const misplacedGrams = misplaced.reduce((sum, { grams }) => sum + grams, 0);
        const error =
          made.sampledGrams === null
            ? null
            : sortingError([{ sampledGrams: made.sampledGrams, misplacedGrams }]);
        const grams = Math.max(0, countedGrams) + Math.max(0, handGrams);
        const of = (times: number, changes: Partial<HeapEvidence> = {}) =>
          estimate({
            read: {
              pieces: times * (described + unread),
              described: times * described,
              shares: seen,
              errorPoints,
            },
            countedGrams,
            handGrams,
            said,
            misplacing: { error, misplaced },
            audit: error,
            grams,
            ...changes,
          });
        const once = of(1);
        const { shares } = once;
        const percents = shares.reduce((sum, { percent }) => sum + Math.round(percent * 100), 0);
        const parts = shares.reduce((sum, share) => sum + (share.grams ?? 0), 0);
        expect(once.source === 'unknown').toBe(shares.length === 0);
        expect([percents, parts]).toEqual(shares.length === 0 ? [0, 0] : [10_000, grams]);
        for (const share of shares) {
          expect(share.errorPoints).toBeGreaterThanOrEqual(0);
          expect(share.errorPoints).toBeLessThanOrEqual(100);
          expect(share.grams).toBeGreaterThanOrEqual(0);
        }
        expect(once.describedPercent).toBeGreaterThanOrEqual(0);
        expect(once.describedPercent).toBeLessThanOrEqual(100);
        // Of a heap four times as large; or of the same, where nothing else says what it is.
        const larger = of(4, { countedGrams: 4 * countedGrams, handGrams: 4 * handGrams });
        const unsaid = of(1, { said: null });
        for (const [before, after] of [
          [once, larger],
          [unsaid, of(4, { said: null })],
        ] as const) {
          for (const more of after.shares)
            expect(more.errorPoints).toBeLessThanOrEqual(shareOf(before, more.fibre)[1] + 1e-9);
        }
      }),
    );
  });
});

describe('what hands sorted', () => {
  const said = { cotton: 95, polyester: 5 };

  it('is what the outlet is said to be made of, less what audits found, where that belongs', () => {
    const error = sortingError([{ sampledGrams: 200_000, misplacedGrams: 20_000 }]);
    const other = { grams: 20_000, said: { polyester: 100 } };
    const shares = sharesByHand(said, { error, misplaced: [other] });
    expect(shares.map(({ fibre, percent }) => [fibre, percent])).toEqual([
      ['cotton', 85.5],
      ['polyester', 14.5],
    ]);
    // One point of error is 0.95 points of cotton; and what is said was not measured.
    const half = (error?.highPercent ?? 0) - 10;
    expect(shares[0]?.errorPoints).toBeCloseTo(Math.hypot((0.95 * half) / 1.96, SAID), 3);
    const unknown = sharesByHand(said, { error, misplaced: [{ ...other, said: null }] });
    expect(unknown[0]?.percent).toBe(95);
    expect(unknown[0]?.errorPoints).toBeGreaterThan(9.5);
  });

  it('is known worse without an audit than with a good one, and nothing without a word of what it is', () => {
    const good = sortingError([{ sampledGrams: 2_000_000, misplacedGrams: 20_000 }]);
    const [audited, unaudited] = [good, null].map((error) => sharesByHand(said, { error, misplaced: [] })[0]);
    const withoutSaid = [audited, unaudited].map((share) =>
      Math.sqrt((share?.errorPoints ?? 0) ** 2 - SAID ** 2),
    );
    expect(withoutSaid[0]).toBeLessThan((withoutSaid[1] ?? 0) / 2);
    // However much is looked through: what is said stays what nobody measured.
    expect(audited?.errorPoints).toBeGreaterThan(SAID);
    // 5 % may be up to 15 %, and anything.
    expect(unaudited?.errorPoints).toBeCloseTo(Math.hypot(95 * Math.hypot(0.05, 0.1 / 1.96), SAID), 3);
    expect([sharesByHand(null, UNAUDITED), sharesByHand({ cotton: 0 }, UNAUDITED)]).toEqual([[], []]);
  });
});

describe('what was pressed of several', () => {
  it('is what they were, by mass; what was unknown is taken for like the rest', () => {
    const cotton = estimate({ read: read(100, 100, 100, 4), countedGrams: 1, grams: 60_000 });
    const polyester = estimate({ read: read(50, 0, 50, 4), countedGrams: 1, grams: 20_000 });
    const joined = joinedCompositions(
      [
        { composition: cotton, grams: 60_000 },
        { composition: polyester, grams: 20_000 },
        { composition: estimate({}), grams: 20_000 },
      ],
      99_000,
    );
    expect(joined).toMatchObject({ source: 'items', pieces: 150, described: 150, describedPercent: 80 });
    expect(
      joined.shares.map(({ fibre, percent, errorPoints, grams }) => [fibre, percent, errorPoints, grams]),
    ).toEqual([
      ['cotton', 75, 3, 74_250],
      ['polyester', 25, 1, 24_750],
    ]);
    expect(joinedCompositions([], null)).toMatchObject({ source: 'unknown', shares: [] });
  });
});
