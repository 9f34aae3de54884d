import { bad, uncertain } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { ALIBI, PLATFORM, ScaleBench, START_MS, told } from './test-weighing.ts';

const TOTAL = { total: 'total' };

describe('a scale with an alibi memory', () => {
  it('begins at the number first seen: nothing before is ours', () => {
    const bench = new ScaleBench(ALIBI);
    expect(told(bench.stands({ alibi: 41, alibiWeight: 280_000 }))).toStrictEqual(['seen at 41, null g']);
    expect(told(bench.stands({ alibi: 42, alibiWeight: 291_500 }))).toStrictEqual(['42: 291500 g']);
  });

  it('whose numbers began with Trame names those before the first look as missed', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL, baseline: 'zero' });
    expect(told(bench.stands({ alibi: 3, alibiWeight: 100, total: 650 }))).toStrictEqual([
      'seen at 0, 0 g',
      'missed 1-2: 550 g',
      '3: 100 g',
    ]);
  });

  it('records all that its plate and its configuration say', () => {
    const bench = new ScaleBench({
      ...ALIBI,
      use: 'bale',
      intervalGrams: 100,
      minGrams: 2000,
      maxGrams: 600_000,
      simulated: true,
    });
    bench.verification = { outcome: 'accepted', due: '2027-03-01' };
    bench.stands({ alibi: 1, alibiWeight: 280_000 });
    const seenMs = bench.wallMs;
    const [record] = bench.stands({ alibi: 2, alibiWeight: 281_000 });
    expect(record).toMatchObject({
      type: 'weighing.recorded',
      key: 'alibi:A1:1:2',
      payload: {
        scale: 's',
        serial: 'A1',
        alibiEpoch: 1,
        use: 'bale',
        source: 'alibi',
        number: 2,
        grossGrams: 281_000,
        tareGrams: 0,
        tareKind: 'none',
        netGrams: 281_000,
        intervalGrams: 100,
        stable: true,
        verification: 'valid',
        verificationDue: '2027-03-01',
        simulated: true,
      },
    });
    // When the number was first seen, not when it was believed.
    expect(record?.occurredAtMs).toBe(seenMs + 100);
    expect(seenMs).toBeGreaterThan(START_MS);
  });

  it('names the numbers that it skipped, with their sum by the total', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    expect(told(bench.stands({ alibi: 4, alibiWeight: 300, total: 1750 }))).toStrictEqual([
      'missed 2-3: 450 g',
      '4: 300 g',
    ]);
  });

  it('without a total names them without a sum', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 100 });
    expect(told(bench.stands({ alibi: 3, alibiWeight: 300 }))).toStrictEqual([
      'missed 2-2: null g',
      '3: 300 g',
    ]);
  });

  it('waits for a total that cannot be read, and after a minute names what it skipped without a sum', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    bench.hides(bad('refused'), 'total');
    expect(told(bench.stands({ alibi: 2, alibiWeight: 50 }))).toStrictEqual(['2: 50 g']);
    expect(told(bench.stands({ alibi: 4, alibiWeight: 300 }, 59_000))).toStrictEqual([]);
    expect(told(bench.stands({}, 3000))).toStrictEqual(['missed 3-3: null g', '4: 300 g']);
    // The kilograms come with the next sum.
    expect(
      told(bench.stands({ alibi: 6, alibiWeight: 10, total: 1000 + 50 + 70 + 300 + 20 + 10 })),
    ).toStrictEqual(['missed 5-5: 90 g', '6: 10 g']);
  });

  it('never takes the new number with the old weight', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 100 });
    bench.shows({ alibi: 2 }).reads();
    expect(bench.looks()).toStrictEqual([]);
    bench.shows({ alibiWeight: 250 }).reads();
    expect(bench.looks()).toStrictEqual([]);
    expect(told(bench.stands({}))).toStrictEqual(['2: 250 g']);
  });

  it('never takes a later total with this number, however much faster the total is read', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    bench.hides(bad('refused'), 'total');
    bench.stands({ alibi: 3, alibiWeight: 30 });
    // The scale weighs 4 and 5, of which only the total is read.
    bench.shows({ total: 1999 });
    for (let read = 0; read < 5; read += 1) expect(bench.reads('total').looks()).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 5, alibiWeight: 900 }))).toStrictEqual([
      'missed 2-4: 99 g',
      '5: 900 g',
    ]);
  });

  it('does not believe a reading because somebody looks at it again', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 100 });
    bench.shows({ alibi: 2 }).reads();
    for (let cycle = 0; cycle < 50; cycle += 1) expect(bench.pass(10).looks()).toStrictEqual([]);
  });

  it('told by a subscription is believed when it has stood', () => {
    const bench = new ScaleBench(ALIBI);
    bench.onChange = true;
    bench.stands({ alibi: 1, alibiWeight: 100 });
    expect(told(bench.stands({ alibi: 2 }, 500))).toStrictEqual([]);
    expect(told(bench.stands({ alibiWeight: 250 }, 800))).toStrictEqual([]);
    expect(told(bench.stands({}, 300))).toStrictEqual(['2: 250 g']);
  });

  it('keeps its place while it cannot be read', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    for (const quality of [bad('stale'), bad('device-offline'), uncertain('out-of-range')]) {
      bench.hides(quality, 'alibi', 'alibiWeight', 'total');
      expect(bench.stands({})).toStrictEqual([]);
    }
    expect(told(bench.stands({ alibi: 2, alibiWeight: 200, total: 1200 }))).toStrictEqual(['2: 200 g']);
  });

  it('goes on from the ledger after a restart: one weighing meanwhile is recorded, more are missed', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    expect(told(bench.restarts().stands({ alibi: 2, alibiWeight: 30, total: 1030 }))).toStrictEqual([
      '2: 30 g',
    ]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    expect(told(bench.restarts().stands({ alibi: 5, alibiWeight: 1, total: 1040 }))).toStrictEqual([
      'missed 3-4: 9 g',
      '5: 1 g',
    ]);
  });

  it('records nothing while the clock was never set, and catches up when it is', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 100 });
    const { wallMs } = bench;
    bench.wallMs = 1000;
    expect(bench.stands({ alibi: 2, alibiWeight: 200 })).toStrictEqual([]);
    bench.wallMs = wallMs;
    expect(told(bench.stands({}))).toStrictEqual(['2: 200 g']);
  });
});

describe('a number that is there already', () => {
  it('with another weight is refused, once', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 100 });
    bench.stands({ alibi: 2, alibiWeight: 200 });
    expect(told(bench.stands({ alibiWeight: 777 }))).toStrictEqual(['2: duplicate-alibi, 777 g']);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    // Back to what was recorded: nothing happened.
    expect(told(bench.stands({ alibiWeight: 200 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 300 }))).toStrictEqual(['3: 300 g']);
  });

  it('after the memory was cleared is refused for each load, until its epoch is raised', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 0, alibiWeight: 0 });
    for (const number of [1, 2, 3]) bench.stands({ alibi: number, alibiWeight: number * 100 });
    expect(told(bench.stands({ alibi: 1, alibiWeight: 555 }))).toStrictEqual(['1: duplicate-alibi, 555 g']);
    expect(told(bench.stands({ alibi: 2, alibiWeight: 666 }))).toStrictEqual(['2: duplicate-alibi, 666 g']);
    bench.config = { ...bench.config, alibiEpoch: 2 };
    expect(told(bench.restarts().stands({}))).toStrictEqual(['seen at 2, null g']);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 10 }))).toStrictEqual(['3: 10 g']);
  });

  it('a memory that shows itself empty for a moment changes nothing', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 1, alibiWeight: 50 });
    bench.stands({ alibi: 2, alibiWeight: 100 });
    expect(told(bench.stands({ alibi: 0, alibiWeight: 0 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 2, alibiWeight: 100 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 150 }))).toStrictEqual(['3: 150 g']);
  });

  it('wraps: its new numbers are refused, each once, until the epoch is raised', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 999_998, alibiWeight: 50, total: 1000 });
    bench.stands({ alibi: 999_999, alibiWeight: 60, total: 1060 });
    expect(told(bench.stands({ alibi: 1, alibiWeight: 70, total: 1130 }))).toStrictEqual([
      '1: went-back, 70 g',
    ]);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 80, total: 1300 }))).toStrictEqual([
      '3: went-back, 80 g',
    ]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    bench.config = { ...bench.config, alibiEpoch: 2 };
    expect(told(bench.restarts().stands({}))).toStrictEqual(['seen at 3, 1300 g']);
  });

  it('belongs to its instrument: another serial has numbers of its own, and the first goes on when it is back', () => {
    const bench = new ScaleBench({
      ...ALIBI,
      ...TOTAL,
      serial: null,
      serialTag: 'serialTag',
      baseline: 'zero',
    });
    bench.stands({ serialTag: 'X', alibi: 1, alibiWeight: 100, total: 100 });
    const loan = bench.stands({ serialTag: ' Y\0\0', alibi: 1, alibiWeight: 900, total: 90_000 });
    expect(told(loan)).toStrictEqual(['seen at 1, 90000 g']);
    expect(loan[0]?.payload).toMatchObject({ serial: 'Y' });
    expect(told(bench.stands({ alibi: 2, alibiWeight: 800, total: 90_800 }))).toStrictEqual(['2: 800 g']);
    bench.restarts();
    expect(told(bench.stands({ serialTag: 'X', alibi: 3, alibiWeight: 30, total: 150 }))).toStrictEqual([
      'missed 2-2: 20 g',
      '3: 30 g',
    ]);
  });

  it('means nothing before the instrument has said its serial', () => {
    const bench = new ScaleBench({ ...ALIBI, serial: null, serialTag: 'serialTag' });
    bench.hides(bad('never-read'), 'serialTag');
    expect(bench.stands({ alibi: 1, alibiWeight: 100 })).toStrictEqual([]);
    expect(told(bench.stands({ serialTag: 'X' }))).toStrictEqual(['seen at 1, null g']);
  });
});

describe('what an alibi memory holds and does not count', () => {
  const plate = { ...ALIBI, minGrams: 2000, maxGrams: 600_000, intervalGrams: 100 };
  it.each([
    [-50, 'negative-net, -50 g'],
    [0, 'below-min, 0 g'],
    [1900, 'below-min, 1900 g'],
    [600_901, 'overload, 600901 g'],
    [100_000_001, 'impossible-weight, null g'],
    [1_000_000_000_000, 'impossible-weight, null g'],
    [10n ** 30n, 'impossible-weight, null g'],
  ])('%s g', (grams, reason) => {
    const bench = new ScaleBench(plate);
    bench.stands({ alibi: 1, alibiWeight: 5000 });
    expect(told(bench.stands({ alibi: 2, alibiWeight: grams }))).toStrictEqual([`2: ${reason}`]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 2000 }))).toStrictEqual(['3: 2000 g']);
  });

  it('an overload that stands on its platform is told once', () => {
    const bench = new ScaleBench({ ...plate, ...PLATFORM });
    bench.stands({ alibi: 1, alibiWeight: 5000, gross: 0, stable: true, overload: false });
    expect(told(bench.stands({ gross: 605_000, stable: false, overload: true }))).toStrictEqual([
      '-: overload, 605000 g',
    ]);
    expect(told(bench.stands({ gross: 0, stable: true, overload: false }))).toStrictEqual([]);
    expect(told(bench.stands({ gross: 605_000, stable: false, overload: true }, 800))).toStrictEqual([]);
  });
});

describe('verification', () => {
  it.each([
    [{ outcome: 'accepted', due: '2026-11-22' }, 'valid', '2026-11-22'],
    [{ outcome: 'accepted', due: '2026-11-21' }, 'expired', '2026-11-21'],
    [{ outcome: 'accepted', due: null }, 'not-stated', null],
    [{ outcome: 'refused' }, 'refused', null],
  ] as const)('%j is told with the weighing, which is recorded all the same', (stated, state, due) => {
    const bench = new ScaleBench(ALIBI);
    bench.verification = stated;
    bench.stands({ alibi: 1, alibiWeight: 100 });
    expect(bench.stands({ alibi: 2, alibiWeight: 100 })).toMatchObject([
      { payload: { verification: state, verificationDue: due } },
    ]);
  });
});
