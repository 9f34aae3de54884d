import { bad } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { PLATFORM, ScaleBench, told, TOTALISER } from './test-weighing.ts';

describe('a totalising scale', () => {
  it('weighs what its sum grew by, from the first look on', () => {
    const bench = new ScaleBench(TOTALISER);
    expect(told(bench.stands({ weighings: 7, total: 700_000 }))).toStrictEqual(['seen at 7, 700000 g']);
    const records = bench.stands({ weighings: 8, total: 752_345 });
    expect(told(records)).toStrictEqual(['8: 52345 g']);
    expect(records).toMatchObject([
      {
        key: 'totaliser:A1:1:8:752345',
        payload: { source: 'totaliser', number: 8, netGrams: 52_345 },
      },
    ]);
  });

  it('whose numbers began with Trame names those before the first look as missed', () => {
    const bench = new ScaleBench({ ...TOTALISER, baseline: 'zero' });
    expect(told(bench.stands({ weighings: 2, total: 90 }))).toStrictEqual([
      'seen at 0, 0 g',
      'missed 1-2: 90 g',
    ]);
    const other = new ScaleBench({ ...TOTALISER, baseline: 'zero' });
    expect(told(other.stands({ weighings: 1, total: 90 }))).toStrictEqual(['seen at 0, 0 g', '1: 90 g']);
  });

  it('names several weighings as missed, with their sum', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 7, total: 700 });
    expect(told(bench.restarts().stands({ weighings: 10, total: 1000 }))).toStrictEqual([
      'missed 8-10: 300 g',
    ]);
    expect(told(bench.restarts().stands({ weighings: 11, total: 1001 }))).toStrictEqual(['11: 1 g']);
  });

  it('never takes the new count with the old sum, nor the new sum with the old count', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 1, total: 100 });
    expect(bench.shows({ weighings: 2 }).reads().looks()).toStrictEqual([]);
    expect(bench.shows({ total: 160 }).reads().looks()).toStrictEqual([]);
    expect(told(bench.stands({}))).toStrictEqual(['2: 60 g']);
    expect(bench.shows({ total: 190 }).reads().looks()).toStrictEqual([]);
    expect(bench.shows({ weighings: 3 }).reads().looks()).toStrictEqual([]);
    expect(told(bench.stands({}))).toStrictEqual(['3: 30 g']);
  });

  it('keeps a sum that moved alone for the weighing it belongs to', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 1, total: 100 });
    expect(bench.stands({ total: 160 })).toStrictEqual([]);
    expect(told(bench.stands({ weighings: 2, total: 170 }))).toStrictEqual(['2: 70 g']);
  });

  it('keeps its place while it cannot be read', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 1, total: 100 });
    bench.hides(bad('refused'), 'total');
    expect(bench.stands({ weighings: 2 })).toStrictEqual([]);
    expect(told(bench.stands({ weighings: 3, total: 170 }))).toStrictEqual(['missed 2-3: 70 g']);
  });

  it('says where it goes on when its count began anew', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 50, total: 5000 });
    expect(told(bench.stands({ weighings: 0, total: 0 }))).toStrictEqual(['seen at 0, 0 g']);
    expect(told(bench.stands({ weighings: 1, total: 70 }))).toStrictEqual(['1: 70 g']);
    expect(told(bench.restarts().stands({ weighings: 2, total: 150 }))).toStrictEqual(['2: 80 g']);
  });

  it('that began anew unseen names what it weighed since as missed, with the sum', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 100, total: 5000 });
    expect(told(bench.stands({ weighings: 3, total: 150 }))).toStrictEqual([
      'seen at 0, 0 g',
      'missed 1-3: 150 g',
    ]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    expect(told(bench.stands({ weighings: 4, total: 200 }))).toStrictEqual(['4: 50 g']);
  });

  it('that began anew unseen and weighed once has this one recorded', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 100, total: 5000 });
    expect(told(bench.restarts().stands({ weighings: 1, total: 40 }))).toStrictEqual([
      'seen at 0, 0 g',
      '1: 40 g',
    ]);
  });

  it('whose count alone began anew has the sum go on', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 100, total: 5000 });
    expect(told(bench.stands({ weighings: 2, total: 5070 }))).toStrictEqual([
      'seen at 0, 5000 g',
      'missed 1-2: 70 g',
    ]);
  });

  it('put back to where it was seen before, as by a weighing that was cancelled, did not begin anew', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 100, total: 5000 });
    bench.stands({ weighings: 101, total: 5060 });
    bench.stands({ weighings: 102, total: 5130 });
    expect(told(bench.stands({ weighings: 101, total: 5060 }))).toStrictEqual(['seen at 101, 5060 g']);
    // Weighed again under the cancelled number: what it is more comes with the next, so that the sum stays right.
    expect(told(bench.stands({ weighings: 102, total: 5150 }))).toStrictEqual([]);
    expect(told(bench.stands({ weighings: 103, total: 5200 }))).toStrictEqual(['103: 70 g']);
  });

  it('does not count its whole life again after a false reading, whatever it said', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 50, total: 5000 });
    expect(told(bench.stands({ weighings: 3, total: 150 }))).toHaveLength(2);
    expect(told(bench.restarts().stands({ weighings: 51, total: 5100 }))).toStrictEqual(['51: 100 g']);
  });

  it('does not count its whole life again after a false reading', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 50, total: 5000 });
    expect(told(bench.stands({ weighings: 0, total: 0 }))).toStrictEqual(['seen at 0, 0 g']);
    expect(told(bench.restarts().stands({ weighings: 51, total: 5100 }))).toStrictEqual(['51: 100 g']);
  });

  it('says that nobody knows the sum when it alone began anew', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 50, total: 5000 });
    expect(told(bench.stands({ weighings: 51, total: 10 }))).toStrictEqual(['missed 51-51: null g']);
    expect(told(bench.stands({ weighings: 52, total: 40 }))).toStrictEqual(['52: 30 g']);
  });

  it('refuses a weighing of nothing, and one that no scale does', () => {
    const bench = new ScaleBench(TOTALISER);
    bench.stands({ weighings: 1, total: 100 });
    expect(told(bench.stands({ weighings: 2 }))).toStrictEqual(['2: below-min, 0 g']);
    expect(told(bench.stands({ weighings: 3, total: 1_000_000_100 }))).toStrictEqual([
      '3: impossible-weight, null g',
    ]);
    expect(told(bench.stands({ weighings: 5, total: 5_000_000_100 }))).toStrictEqual(['missed 4-5: null g']);
  });
});

describe('gross and tare of a weighing whose net alone is told', () => {
  const cages = {
    ...TOTALISER,
    ...PLATFORM,
    tare: 'tare',
    tareKind: 'preset',
    intervalGrams: 50,
    minGrams: 1000,
  } as const;
  const empty = { gross: 0, tare: 0, stable: true, overload: false };

  it('come from the stable indication that agrees with it', () => {
    const bench = new ScaleBench(cages);
    bench.stands({ weighings: 1, total: 100_000, ...empty });
    bench.stands({ gross: 112_350, tare: 62_000 });
    // Tipped: the cage moves, then stands there empty.
    bench.stands({ stable: false, gross: 80_000 });
    bench.stands({ stable: true, gross: 62_000 });
    const [record] = bench.stands({ weighings: 2, total: 150_370 });
    expect(record?.payload).toMatchObject({
      netGrams: 50_370,
      grossGrams: 112_350,
      tareGrams: 62_000,
      tareKind: 'preset',
    });
  });

  it('are not told when nothing that stood still agrees', () => {
    const bench = new ScaleBench(cages);
    bench.stands({ weighings: 1, total: 100_000, ...empty });
    bench.stands({ gross: 112_350, tare: 62_000 });
    const [record] = bench.stands({ weighings: 2, total: 150_401 });
    expect(record?.payload).toMatchObject({ netGrams: 50_401, grossGrams: null, tareGrams: null });
  });

  it('follow from a configured tare', () => {
    const bench = new ScaleBench({ ...TOTALISER, tareKind: 'preset', presetTareGrams: 62_000 });
    bench.stands({ weighings: 1, total: 100 });
    const [record] = bench.stands({ weighings: 2, total: 5100 });
    expect(record?.payload).toMatchObject({ netGrams: 5000, grossGrams: 67_000, tareGrams: 62_000 });
  });
});

function stopped(): ScaleBench {
  const bench = new ScaleBench(TOTALISER);
  bench.stands({ weighings: 5, total: 500 });
  bench.stands({ weighings: 6, total: 550 });
  return bench.restarts();
}

describe('a totalising scale that is read otherwise than before', () => {
  const corrected = { number: 'number', grams: 'in kg', total: null };

  it('begins anew at the sum first seen, and names what was weighed in between', () => {
    const bench = stopped();
    bench.howRead = corrected;
    expect(told(bench.stands({ weighings: 7, total: 600_000 }))).toStrictEqual([
      'missed 7-7: null g',
      'seen at 7, 600000 g',
    ]);
    expect(told(bench.restarts().stands({ weighings: 8, total: 650_000 }))).toStrictEqual(['8: 50000 g']);
  });

  it('of which nothing was weighed in between only begins anew', () => {
    const bench = stopped();
    bench.howRead = corrected;
    expect(told(bench.stands({ weighings: 6, total: 550_000 }))).toStrictEqual(['seen at 6, 550000 g']);
    expect(told(bench.stands({ weighings: 7, total: 600_000 }))).toStrictEqual(['7: 50000 g']);
  });

  it('and was reset as well names what it weighed since, without a sum', () => {
    const bench = stopped();
    bench.howRead = corrected;
    expect(told(bench.stands({ weighings: 2, total: 90_000 }))).toStrictEqual([
      'seen at 0, 90000 g',
      'missed 1-2: null g',
    ]);
    expect(told(bench.stands({ weighings: 3, total: 95_000 }))).toStrictEqual(['3: 5000 g']);
  });

  it('whose count is another begins anew with both', () => {
    const bench = stopped();
    bench.howRead = { ...corrected, number: 'another register' };
    expect(told(bench.stands({ weighings: 900, total: 600_000 }))).toStrictEqual(['seen at 900, 600000 g']);
    expect(told(bench.stands({ weighings: 901, total: 600_010 }))).toStrictEqual(['901: 10 g']);
  });

  it('begins anew once, however much of it reached the disk', () => {
    for (const stored of [0, 1]) {
      const bench = stopped();
      bench.howRead = corrected;
      bench.shows({ weighings: 7, total: 600_000 });
      bench.reads().looks();
      bench.reads().looks(stored);
      bench.restarts().stands({});
      expect(told(bench.records).slice(2)).toStrictEqual(['missed 7-7: null g', 'seen at 7, 600000 g']);
    }
  });
});
