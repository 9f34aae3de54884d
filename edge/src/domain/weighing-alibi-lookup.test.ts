import { bad } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { ALIBI, PLATFORM, ScaleBench, told } from './test-weighing.ts';

const TOTAL = { total: 'total' };

function stoppedAlibi(): ScaleBench {
  const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
  bench.stands({ alibi: 5, alibiWeight: 50, total: 500 });
  bench.stands({ alibi: 6, alibiWeight: 50, total: 550 });
  return bench.restarts();
}

describe('an old record that somebody looks up', () => {
  it('from before Trame is refused once, and neither it nor what follows is missed or new', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1000, alibiWeight: 50_000, total: 9_000_000 });
    bench.stands({ alibi: 1001, alibiWeight: 40_000, total: 9_040_000 });
    expect(told(bench.stands({ alibi: 950, alibiWeight: 33_000 }))).toStrictEqual([
      '950: went-back, 33000 g',
    ]);
    expect(told(bench.stands({ alibi: 951, alibiWeight: 34_000 }))).toStrictEqual([
      '951: went-back, 34000 g',
    ]);
    expect(told(bench.stands({ alibi: 950, alibiWeight: 33_000 }))).toStrictEqual([]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 1001, alibiWeight: 40_000 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 1002, alibiWeight: 41_000, total: 9_081_000 }))).toStrictEqual([
      '1002: 41000 g',
    ]);
  });

  it('that was recorded is read again: nothing happened, also after a restart', () => {
    const bench = new ScaleBench(ALIBI);
    for (const number of [1, 2, 3, 4]) bench.stands({ alibi: number, alibiWeight: number * 100 });
    expect(told(bench.stands({ alibi: 2, alibiWeight: 200 }))).toStrictEqual([]);
    expect(told(bench.restarts().stands({}))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 1, alibiWeight: 100 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 5, alibiWeight: 500 }))).toStrictEqual(['5: 500 g']);
  });

  it('that was refused is read again as well', () => {
    const bench = new ScaleBench({ ...ALIBI, tareKind: 'preset', presetTareGrams: 1000, minGrams: 2000 });
    for (const number of [1, 2, 3]) bench.stands({ alibi: number, alibiWeight: 5000 });
    bench.stands({ alibi: 4, alibiWeight: 900 });
    bench.stands({ alibi: 5, alibiWeight: 10n ** 12n });
    bench.stands({ alibi: 6, alibiWeight: 5000 });
    expect(told(bench.stands({ alibi: 4, alibiWeight: 900 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 5, alibiWeight: 10n ** 12n }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 4, alibiWeight: 901 }))).toStrictEqual(['4: duplicate-alibi, 901 g']);
  });

  it('that was missed is recorded once: it is no longer missed', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 10, alibiWeight: 50_000, total: 500_000 });
    expect(told(bench.stands({ alibi: 13, alibiWeight: 40_000, total: 620_000 }))).toStrictEqual([
      'missed 11-12: 80000 g',
      '13: 40000 g',
    ]);
    expect(told(bench.stands({ alibi: 12, alibiWeight: 45_000 }))).toStrictEqual(['12: 45000 g']);
    expect(told(bench.stands({ alibi: 13, alibiWeight: 40_000 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 12, alibiWeight: 45_000 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 12, alibiWeight: 46_000 }))).toStrictEqual([
      '12: duplicate-alibi, 46000 g',
    ]);
    expect(told(bench.stands({ alibi: 15, alibiWeight: 10, total: 620_030 }))).toStrictEqual([
      'missed 14-14: 20 g',
      '15: 10 g',
    ]);
  });

  it('that was missed without a sum does not come again with the next sum', () => {
    const bench = new ScaleBench({ ...ALIBI, ...TOTAL });
    bench.stands({ alibi: 1, alibiWeight: 100, total: 1000 });
    bench.hides(bad('refused'), 'total');
    expect(told(bench.stands({ alibi: 4, alibiWeight: 400 }, 63_000))).toStrictEqual([
      'missed 2-3: null g',
      '4: 400 g',
    ]);
    expect(told(bench.stands({ alibi: 3, alibiWeight: 300 }))).toStrictEqual(['3: 300 g']);
    expect(
      told(bench.stands({ alibi: 6, alibiWeight: 600, total: 1000 + 200 + 300 + 400 + 500 + 600 })),
    ).toStrictEqual(['missed 5-5: 700 g', '6: 600 g']);
  });

  it('is not given the gross of what stands on the platform', () => {
    const bench = new ScaleBench({
      ...ALIBI,
      ...PLATFORM,
      tare: 'tare',
      tareKind: 'weighed',
      intervalGrams: 100,
    });
    const load = { gross: 107_000, tare: 62_000, stable: true, overload: false };
    bench.stands({ alibi: 10, alibiWeight: 50_000, ...load });
    bench.stands({ alibi: 13, alibiWeight: 40_000 });
    expect(bench.stands({ alibi: 12, alibiWeight: 45_000 })).toMatchObject([
      { payload: { number: 12, netGrams: 45_000, grossGrams: null, tareGrams: null } },
    ]);
  });

  it('the first one seen is not ours, nor is it another', () => {
    const bench = new ScaleBench(ALIBI);
    bench.stands({ alibi: 10, alibiWeight: 50 });
    expect(told(bench.stands({ alibi: 10, alibiWeight: 55 }))).toStrictEqual(['10: duplicate-alibi, 55 g']);
    bench.stands({ alibi: 11, alibiWeight: 60 });
    expect(told(bench.stands({ alibi: 10, alibiWeight: 50 }))).toStrictEqual([]);
  });
});

describe('an alibi memory that is read otherwise than before', () => {
  const alike = { number: 'number', grams: 'in g', total: 'in g' };

  it('with a corrected total begins anew at it: what was missed in between has no sum', () => {
    const bench = stoppedAlibi();
    bench.howRead = { ...alike, total: 'in kg' };
    expect(told(bench.stands({ alibi: 9, alibiWeight: 70, total: 700_000 }))).toStrictEqual([
      'missed 7-8: null g',
      '9: 70 g',
      'seen at 9, 700000 g',
    ]);
    expect(told(bench.restarts().stands({ alibi: 11, alibiWeight: 10, total: 700_030 }))).toStrictEqual([
      'missed 10-10: 20 g',
      '11: 10 g',
    ]);
  });

  it('with a corrected weight takes none of its records for another', () => {
    const bench = stoppedAlibi();
    bench.howRead = { ...alike, grams: 'in kg' };
    expect(told(bench.stands({ alibiWeight: 50_000 }))).toStrictEqual(['seen at 6, 550 g']);
    expect(told(bench.restarts().stands({ alibi: 7, alibiWeight: 60_000, total: 610 }))).toStrictEqual([
      '7: 60000 g',
    ]);
    expect(told(bench.stands({ alibi: 6, alibiWeight: 50_000 }))).toStrictEqual([]);
    expect(told(bench.stands({ alibi: 7, alibiWeight: 61_000 }))).toStrictEqual([
      '7: duplicate-alibi, 61000 g',
    ]);
  });

  it('with another number begins anew with all', () => {
    const bench = stoppedAlibi();
    bench.howRead = { ...alike, number: 'another register' };
    expect(told(bench.stands({ alibi: 900, alibiWeight: 60, total: 610 }))).toStrictEqual([
      'seen at 900, 610 g',
    ]);
    expect(told(bench.stands({ alibi: 901, alibiWeight: 70, total: 680 }))).toStrictEqual(['901: 70 g']);
  });
});
