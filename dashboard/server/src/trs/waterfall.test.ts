import { TOLD_KINDS, type ToldKind } from '@trame/protocol/stops/stop-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, type Interval } from '../calendar/intervals.ts';
import { waterfall, type Counted, type WaterfallFacts } from './waterfall.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const hours = (from: number, to: number): Interval => ({ from: from * HOUR_MS, to: to * HOUR_MS });
const minutes = (ms: number | null) => (ms ?? Number.NaN) / MINUTE_MS;

const SHIFT: WaterfallFacts = {
  period: hours(0, 8),
  open: [hours(0, 8)],
  breaks: [],
  crew: [hours(0, 8)],
  maintenance: [],
  training: [],
  stops: [],
  unknown: [],
  counts: [],
  nominalKgPerHour: 600,
};

const stop = (kind: ToldKind, from: number, to: number) => ({
  kind,
  from: from * MINUTE_MS,
  to: to * MINUTE_MS,
});
const counted = (from: number, to: number, kg: number, refusedKg = 0): Counted => ({
  from: from * MINUTE_MS,
  to: to * MINUTE_MS,
  inputGrams: kg * 1_000,
  refusedGrams: refusedKg * 1_000,
});

describe('the waterfall of time', () => {
  /**
   * A day of 24 h, two shifts of 8 h: tT 1440, tO 960. Planned: break 2 × 30, maintenance 60, meeting 20 (explained), a
   * stop for training 40: tR = 960 − 60 − 60 − 20 − 40 = 780. Own stops: breakdown 45, micro-stops 2 × 1, jam 33; starved
   * 40: tF = 780 − 120 = 660. Nominal 600 kg/h, 5 280 kg sorted: tN = 528. 132 kg refused, 2.5 %: tU = 514.8.
   * Do = 660/780 = 84.6 %, Tp = 528/660 = 80 %, Tq = 97.5 %, TRS = 514.8/780 = 66 %, TRG = 514.8/960 = 53.625 %,
   * TRE = 514.8/1440 = 35.75 %.
   */
  it('is that of the standard, by a day worked out by hand', () => {
    const figures = waterfall({
      ...SHIFT,
      period: hours(0, 24),
      open: [hours(5, 13), hours(13, 21)],
      crew: [hours(0, 24)],
      breaks: [stop('break', 540, 570), stop('break', 1_020, 1_050)],
      maintenance: [stop('maintenance', 300, 360)],
      stops: [
        // It stands still for the maintenance, and through a break.
        stop('operating', 300, 360),
        stop('operating', 540, 570),
        stop('meeting', 400, 420),
        stop('training', 430, 470),
        stop('breakdown', 600, 645),
        stop('micro-stop', 700, 701),
        stop('micro-stop', 710, 711),
        stop('operating', 720, 753),
        stop('starved', 800, 840),
        // After closing.
        stop('operating', 1_260, 1_440),
      ],
      counts: [counted(840, 900, 5_280, 132), counted(1_300, 1_310, 999)],
    });
    expect(minutes(figures.totalMs)).toBe(1_440);
    expect(minutes(figures.openMs)).toBe(960);
    expect(minutes(figures.requiredMs)).toBe(780);
    expect(minutes(figures.runningMs)).toBe(660);
    expect(minutes(figures.netMs)).toBe(528);
    expect(minutes(figures.usefulMs)).toBe(514.8);
    expect(figures.planned.map(({ kind, durationMs }) => [kind, minutes(durationMs)])).toEqual([
      ['break', 60],
      ['maintenance', 60],
      ['training', 40],
      ['meeting', 20],
    ]);
    expect(figures.stops.map(({ kind, stops, durationMs }) => [kind, stops, minutes(durationMs)])).toEqual([
      ['breakdown', 1, 45],
      ['micro-stop', 2, 2],
      ['operating', 1, 33],
      ['starved', 1, 40],
    ]);
    expect(figures.availability).toBeCloseTo(0.84615, 5);
    expect(figures.performance).toBeCloseTo(0.8, 10);
    expect(figures.quality).toBeCloseTo(0.975, 10);
    expect(figures.trs).toBeCloseTo(0.66, 10);
    expect(figures.trg).toBeCloseTo(0.53625, 10);
    expect(figures.tre).toBeCloseTo(0.3575, 10);
    expect(figures).toMatchObject({ inputGrams: 5_280_000, refusedGrams: 132_000, unknownMs: 0 });
  });

  it('leaves out, and tells apart, what nobody knows', () => {
    const figures = waterfall({ ...SHIFT, unknown: [hours(2, 4)], counts: [counted(300, 480, 1_800)] });
    expect(figures).toMatchObject({
      totalMs: 6 * HOUR_MS,
      openMs: 6 * HOUR_MS,
      requiredMs: 6 * HOUR_MS,
      unknownMs: 2 * HOUR_MS,
    });
    // Neither rate is lowered by an edge that was away.
    for (const rate of [figures.trs, figures.trg, figures.tre]) expect(rate).toBeCloseTo(0.5, 10);
  });

  it('counts no time in which fewer people were there than a figure needs', () => {
    const figures = waterfall({ ...SHIFT, crew: [hours(0, 2)], counts: [counted(0, 480, 4_800)] });
    expect(figures).toMatchObject({ openMs: 2 * HOUR_MS, inputGrams: 1_200_000, trs: 1 });
    expect(waterfall({ ...SHIFT, crew: [] })).toMatchObject({ openMs: 0, trs: null, trg: null, tre: 0 });
  });

  it('tells stops that nobody explained apart, and lowers the rates by them', () => {
    const counts = [counted(60, 480, 3_600)];
    const told = (kind: ToldKind) => waterfall({ ...SHIFT, stops: [stop(kind, 0, 60)], counts });
    const unexplained = told('unexplained');
    expect(unexplained.stops).toEqual([{ kind: 'unexplained', stops: 1, durationMs: HOUR_MS }]);
    expect(unexplained).toEqual({ ...told('breakdown'), stops: unexplained.stops });
    expect(unexplained).toMatchObject({ availability: 7 / 8, trs: 6 / 8 });
  });

  it('has no performance where no nominal throughput is known', () => {
    const figures = waterfall({
      ...SHIFT,
      nominalKgPerHour: null,
      stops: [stop('breakdown', 0, 120)],
      training: [hours(6, 8)],
    });
    expect(figures).toMatchObject({ netMs: null, usefulMs: null, performance: null, trs: null });
    expect(figures.availability).toBeCloseTo(4 / 6, 10);
  });

  it('counts what was sorted in training, and of its time only what that takes', () => {
    // An hour of training at half the nominal throughput: half an hour of it was learning.
    const counts = [counted(0, 420, 3_360), counted(420, 480, 300)];
    const before = waterfall({ ...SHIFT, counts });
    const after = waterfall({ ...SHIFT, counts, training: [hours(7, 8)] });
    expect(after.planned).toEqual([{ kind: 'training', durationMs: 30 * MINUTE_MS }]);
    expect([before.usefulMs, after.usefulMs].map(minutes)).toEqual([366, 366]);
    expect(minutes(after.requiredMs)).toBe(450);
    expect(after.trs).toBeGreaterThan(before.trs ?? 1);
  });
});

const of = <T>(length: number, each: (n: number) => T) => Array.from({ length }, (_, n) => each(n));

it('is worked out of a quarter of a year while somebody waits', () => {
  const facts: WaterfallFacts = {
    ...SHIFT,
    period: hours(0, 93 * 24),
    open: of(93, (day) => hours(day * 24, day * 24 + 16)),
    crew: of(186, (shift) => hours(shift * 12, shift * 12 + 12)),
    training: of(93 * 24, (hour) => stop('training', hour * 60, hour * 60 + 20)),
    stops: of(9_300, (n) => stop(n % 2 === 0 ? 'meeting' : 'breakdown', n * 14, n * 14 + 3)),
    counts: of(93 * 24 * 60, (minute) => counted(minute, minute + 1, 8)),
  };
  const began = performance.now();
  expect(waterfall(facts).trs).toBeGreaterThan(0);
  // Ten times what it takes; gone through anew for each stop and each count it took most of a minute.
  expect(performance.now() - began).toBeLessThan(3_000);
});

const DAY_MINUTES = 600;
const piece = fc
  .tuple(fc.nat(DAY_MINUTES), fc.integer({ min: 1, max: 120 }))
  .map(([from, length]) => ({ from: from * MINUTE_MS, to: (from + length) * MINUTE_MS }));
const pieces = fc.array(piece, { maxLength: 4 });

const few = fc.array(piece, { maxLength: 1 });
const whole = [{ from: 0, to: DAY_MINUTES * MINUTE_MS }];
const mostlyWhole = fc.oneof({ weight: 4, arbitrary: fc.constant(whole) }, { weight: 1, arbitrary: pieces });

/** Stops that do not overlap, as a line makes them. */
const stops = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(...TOLD_KINDS),
    ),
    {
      maxLength: 6,
    },
  )
  .map((gaps) => {
    let at = 0;
    return gaps.map(([gap, length, kind]) => {
      const from = at + gap;
      at = from + length;
      return stop(kind, from, at);
    });
  });

const facts: fc.Arbitrary<WaterfallFacts> = fc.record({
  period: fc.constant({ from: 0, to: DAY_MINUTES * MINUTE_MS }),
  open: mostlyWhole,
  breaks: few,
  crew: mostlyWhole,
  maintenance: few,
  training: pieces,
  stops,
  unknown: few,
  counts: fc.array(
    fc.tuple(piece, fc.nat(2_000_000), fc.nat(100)).map(([at, inputGrams, percent]) => ({
      ...at,
      inputGrams,
      refusedGrams: Math.floor((inputGrams * percent) / 100),
    })),
    { maxLength: 8 },
  ),
  nominalKgPerHour: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 5_000 })),
});

const sum = (list: readonly { readonly durationMs: number }[]) =>
  list.reduce((total, { durationMs }) => total + durationMs, 0);

describe('whatever happened,', () => {
  it('each time is within the one before, and planned and stopped time are all of what is between', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { totalMs, openMs, requiredMs, runningMs, netMs, usefulMs, ...figures } = waterfall(given);
        const inOrder = [totalMs, openMs, requiredMs, runningMs, netMs ?? runningMs, usefulMs ?? 0, 0];
        expect([...inOrder].sort((a, b) => b - a)).toEqual(inOrder);
        for (const ms of inOrder) expect(Number.isSafeInteger(ms)).toBe(true);
        expect(openMs - requiredMs).toBe(sum(figures.planned));
        expect(requiredMs - runningMs).toBe(sum(figures.stops));
      }),
      { numRuns: 1_000 },
    );
  });

  it('Do · Tp · Tq = TRS, each the exact ratio of whole milliseconds', () => {
    let compared = 0;
    fc.assert(
      fc.property(facts, (given) => {
        const { requiredMs, runningMs, netMs, usefulMs, ...rates } = waterfall(given);
        const { availability, performance, quality, trs } = rates;
        if (availability === null || performance === null || quality === null || trs === null) return;
        compared += 1;
        const [net, useful] = [netMs ?? Number.NaN, usefulMs ?? Number.NaN];
        // What stands above in one fraction stands below in the next, so the product is tU/tR without any rounding.
        expect([availability, performance, quality, trs]).toEqual([
          runningMs / requiredMs,
          net / runningMs,
          useful / net,
          useful / requiredMs,
        ]);
        expect(availability * performance * quality).toBeCloseTo(trs, 12);
      }),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('training never lowers the TRS: neither of a line that runs nor of one that stands', () => {
    let raised = 0;
    fc.assert(
      fc.property(facts, pieces, fc.nat(5), (given, moved, which) => {
        const before = waterfall(given).trs;
        const running = waterfall({ ...given, training: joined([...given.training, ...moved]) }).trs;
        const explained = given.stops.map((one, n) =>
          n === which ? { ...one, kind: 'training' as const } : one,
        );
        const standing = waterfall({ ...given, stops: explained }).trs;
        for (const after of [running, standing]) {
          // Nothing is left that was required: there is no figure at all.
          if (before === null || after === null) continue;
          expect(after).toBeGreaterThanOrEqual(before);
          if (after > before) raised += 1;
        }
      }),
      { numRuns: 3_000 },
    );
    // It is no proof that nothing is lowered where nothing ever changes.
    expect(raised).toBeGreaterThan(200);
  });
});
