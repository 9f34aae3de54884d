import { bad, uncertain } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { PLATFORM, ScaleBench, told } from './test-weighing.ts';

const PLATE = { ...PLATFORM, minGrams: 1000, maxGrams: 300_000, intervalGrams: 50 };
const EMPTY = { gross: 0, stable: true, overload: false };

/** A scale that was seen empty. */
function emptyScale(more: ConstructorParameters<typeof ScaleBench>[0] = {}): ScaleBench {
  const bench = new ScaleBench({ ...PLATE, ...more });
  bench.stands({ ...EMPTY, tare: 0 });
  return bench;
}

describe('a scale that keeps no numbers', () => {
  it('weighs a load once it has stood still as long as it should', () => {
    const bench = emptyScale();
    bench.stands({ gross: 40_000, stable: false });
    expect(told(bench.stands({ gross: 45_200, stable: true }, 1000))).toStrictEqual([]);
    const records = bench.stands({}, 200);
    expect(told(records)).toStrictEqual(['-: 45200 g']);
    expect(records).toMatchObject([
      { key: null, payload: { source: 'stable-window', grossGrams: 45_200, tareGrams: 0, netGrams: 45_200 } },
    ]);
  });

  it('weighs it once, however long it stands, and whatever is put on top', () => {
    const bench = emptyScale();
    bench.stands({ gross: 45_200 });
    expect(bench.stands({}, 20_000)).toStrictEqual([]);
    expect(bench.stands({ gross: 90_000 })).toStrictEqual([]);
    expect(bench.stands({ gross: 45_200 })).toStrictEqual([]);
    bench.stands(EMPTY);
    expect(told(bench.stands({ gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
  });

  it('is not empty because it swung below Min for an instant', () => {
    const bench = emptyScale();
    bench.stands({ gross: 45_200 });
    bench.stands({ gross: 500, stable: false }, 400);
    expect(bench.stands({ gross: 45_200, stable: true })).toStrictEqual([]);
  });

  it('begins to wait anew when the indication moves by more than an interval', () => {
    const bench = emptyScale();
    for (let gross = 40_000; gross < 41_000; gross += 100) {
      expect(bench.stands({ gross }, 900)).toStrictEqual([]);
    }
    // One interval is the flicker between two steps of the display.
    bench.stands({ gross: 41_000 }, 600);
    expect(told(bench.stands({ gross: 41_050 }, 600))).toStrictEqual(['-: 41050 g']);
  });

  it('weighs nothing by values that are not good, and keeps its place', () => {
    for (const quality of [
      bad('stale'),
      bad('device-offline'),
      bad('never-read'),
      uncertain('device-uncertain'),
    ]) {
      for (const tag of ['gross', 'stable', 'overload'] as const) {
        const bench = emptyScale();
        expect(bench.stands({ gross: 45_200 }, 900)).toStrictEqual([]);
        bench.hides(quality, tag);
        expect(bench.stands({})).toStrictEqual([]);
        expect(told(bench.stands({ ...EMPTY, gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
      }
    }
  });

  it('does not count the time in which nothing was read as standing still', () => {
    const bench = emptyScale();
    bench.shows({ gross: 45_200 }).reads().looks();
    bench.pass(1900);
    expect(bench.looks()).toStrictEqual([]);
  });

  it('told by a subscription stands still until it says otherwise', () => {
    const bench = new ScaleBench(PLATE);
    bench.onChange = true;
    bench.stands(EMPTY);
    expect(told(bench.stands({ gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
  });
});

describe('tare', () => {
  it('weighed: the net is what stands above it, and an empty container is no load', () => {
    const bench = emptyScale({ tare: 'tare', tareKind: 'weighed' });
    // Not tared yet: nobody knows what of it is container.
    expect(bench.stands({ gross: 62_000 })).toStrictEqual([]);
    expect(bench.stands({ tare: 62_000 })).toStrictEqual([]);
    const records = bench.stands({ gross: 100_000 });
    expect(records).toMatchObject([
      { payload: { grossGrams: 100_000, tareGrams: 62_000, netGrams: 38_000, tareKind: 'weighed' } },
    ]);
  });

  it('preset by configuration is taken off', () => {
    const bench = emptyScale({ tareKind: 'preset', presetTareGrams: 62_000 });
    expect(bench.stands({ gross: 100_000 })).toMatchObject([
      { payload: { grossGrams: 100_000, tareGrams: 62_000, netGrams: 38_000, tareKind: 'preset' } },
    ]);
  });

  it('that cannot be read holds the weighing back', () => {
    const bench = emptyScale({ tare: 'tare', tareKind: 'weighed' });
    bench.hides(bad('refused'), 'tare');
    expect(bench.stands({ gross: 100_000 })).toStrictEqual([]);
    expect(told(bench.stands({ tare: 62_000 }))).toStrictEqual(['-: 38000 g']);
  });

  it.each(['shows nothing', 'was never read'])(
    'that %s all the while is told when the load is gone',
    (how) => {
      const bench = new ScaleBench({ ...PLATE, tare: 'tare', tareKind: 'weighed' });
      bench.stands(how === 'shows nothing' ? { ...EMPTY, tare: 0 } : EMPTY);
      expect(bench.stands({ gross: 62_000 }, 20_000)).toStrictEqual([]);
      expect(told(bench.stands(EMPTY))).toStrictEqual(['-: no-tare, 62000 g']);
      expect(bench.stands(EMPTY)).toStrictEqual([]);
    },
  );

  it('cleared while its empty container still stands there is not missed', () => {
    const bench = emptyScale({ tare: 'tare', tareKind: 'weighed' });
    bench.stands({ gross: 62_000 });
    bench.stands({ tare: 62_000 });
    expect(bench.stands({ tare: 0 })).toStrictEqual([]);
    expect(bench.stands(EMPTY)).toStrictEqual([]);
  });

  it('cleared before the container was filled is missed', () => {
    const bench = emptyScale({ tare: 'tare', tareKind: 'weighed' });
    bench.stands({ gross: 62_000 });
    bench.stands({ tare: 62_000 });
    bench.stands({ tare: 0 });
    bench.stands({ gross: 100_000 });
    expect(told(bench.stands(EMPTY))).toStrictEqual(['-: no-tare, 100000 g']);
  });

  it('of more than stands there is a negative net, refused once', () => {
    const bench = emptyScale({ tareKind: 'preset', presetTareGrams: 62_000 });
    expect(told(bench.stands({ gross: 50_000 }, 20_000))).toStrictEqual(['-: negative-net, 50000 g']);
    expect(told(bench.stands(EMPTY))).toStrictEqual([]);
    expect(told(bench.stands({ gross: 50_000 }))).toStrictEqual(['-: negative-net, 50000 g']);
  });
});

describe('a load that does not count', () => {
  it('overload: told once, when it stays; lightened, the load is weighed', () => {
    const bench = emptyScale();
    expect(bench.stands({ gross: 310_000, stable: false, overload: true }, 900)).toStrictEqual([]);
    expect(told(bench.stands({}, 20_000))).toStrictEqual(['-: overload, 310000 g']);
    expect(told(bench.stands({ gross: 250_000, stable: true, overload: false }))).toStrictEqual([
      '-: 250000 g',
    ]);
  });

  it('overload by Max, when the instrument has no flag for it', () => {
    const bench = emptyScale({ overload: null });
    expect(told(bench.stands({ gross: 300_500 }))).toStrictEqual(['-: overload, 300500 g']);
    bench.stands(EMPTY);
    expect(told(bench.stands({ gross: 300_450 }))).toStrictEqual(['-: 300450 g']);
  });

  it('below Min: told when it stood there and was taken away', () => {
    const bench = emptyScale();
    expect(bench.stands({ gross: 950 }, 20_000)).toStrictEqual([]);
    expect(told(bench.stands(EMPTY))).toStrictEqual(['-: below-min, 950 g']);
    expect(bench.stands({ gross: 950, stable: false })).toStrictEqual([]);
    expect(bench.stands(EMPTY)).toStrictEqual([]);
  });

  it('below Min while it is being loaded is no refusal', () => {
    const bench = emptyScale();
    bench.stands({ gross: 950 });
    expect(told(bench.stands({ gross: 5000 }))).toStrictEqual(['-: 5000 g']);
    expect(bench.stands(EMPTY)).toStrictEqual([]);
  });

  it('what is left of a load is no load', () => {
    const bench = emptyScale();
    bench.stands({ gross: 5000 });
    bench.stands({ gross: 700 });
    expect(bench.stands(EMPTY)).toStrictEqual([]);
  });

  it('unstable: told when it went away without having stood still', () => {
    const bench = emptyScale();
    expect(bench.stands({ gross: 45_000, stable: false }, 20_000)).toStrictEqual([]);
    expect(told(bench.stands(EMPTY))).toStrictEqual(['-: unstable, 45000 g']);
  });

  it('a touch of the platform is no load', () => {
    const bench = emptyScale();
    bench.stands({ gross: 45_000, stable: false }, 500);
    expect(bench.stands(EMPTY)).toStrictEqual([]);
  });

  it('impossible: more than a scale can show', () => {
    const bench = emptyScale({ overload: null, maxGrams: null });
    expect(told(bench.stands({ gross: 1_000_000_000 }))).toStrictEqual(['-: impossible-weight, null g']);
  });

  it('stood there when Trame began to look: nobody knows whether it was recorded', () => {
    const bench = new ScaleBench(PLATE);
    expect(told(bench.stands({ ...EMPTY, gross: 45_200 }, 20_000))).toStrictEqual([
      '-: unwitnessed, 45200 g',
    ]);
    bench.stands(EMPTY);
    expect(told(bench.stands({ gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
  });
});

describe('after a restart', () => {
  it.each([45_200, 45_250, 90_000])(
    'a load of %d g is told as unwitnessed: it may be the one that was recorded last, or another as heavy',
    (gross) => {
      const bench = emptyScale();
      bench.stands({ gross: 45_200 });
      expect(told(bench.restarts().stands({ gross }, 20_000))).toStrictEqual([`-: unwitnessed, ${gross} g`]);
      bench.stands(EMPTY);
      expect(told(bench.stands({ gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
    },
  );

  it('an empty scale weighs the next load', () => {
    const bench = emptyScale();
    bench.stands({ gross: 45_200 });
    expect(bench.restarts().stands(EMPTY)).toStrictEqual([]);
    expect(told(bench.stands({ gross: 45_200 }))).toStrictEqual(['-: 45200 g']);
  });
});
