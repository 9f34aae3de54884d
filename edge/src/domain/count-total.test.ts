import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countedUpTo,
  countTotal,
  LIFE_GROWN_MIN_GRAMS,
  LIFE_FALL_MIN_GRAMS,
  NOTHING_COUNTED,
  toGrams,
  type CountState,
} from './count-total.ts';

const STEADY = { wentBackFromGrams: null, generation: 0 };

describe('counting by difference', () => {
  it('starts at the first total seen, or at the zero of the device', () => {
    expect(countTotal(NOTHING_COUNTED, 500n, 'first').state).toEqual({
      lastGrams: 500n,
      countedGrams: 0n,
      ...STEADY,
    });
    expect(countTotal(NOTHING_COUNTED, 500n, 'zero').state).toEqual({
      lastGrams: 500n,
      countedGrams: 500n,
      ...STEADY,
    });
  });

  it('adds what the total grew', () => {
    const state: CountState = { lastGrams: 500n, countedGrams: 40n, ...STEADY };
    expect(countTotal(state, 512n, 'zero')).toEqual({
      state: { lastGrams: 512n, countedGrams: 52n, ...STEADY },
      event: null,
    });
  });

  it('tells a total that goes back, subtracts nothing and goes on from there', () => {
    const back = countTotal({ lastGrams: 5000n, countedGrams: 40n, ...STEADY }, 3n, 'zero');
    expect(back).toEqual({
      state: { lastGrams: 3n, countedGrams: 40n, wentBackFromGrams: 5000n, generation: 0 },
      event: { kind: 'went-back', fromGrams: 5000n, toGrams: 3n },
    });
    expect(countedUpTo(back.state)).toBe(5000n);
    const hardlyGrown = countTotal(back.state, 3n + LIFE_GROWN_MIN_GRAMS - 1n, 'zero');
    expect(hardlyGrown).toEqual({ state: back.state, event: null });
    expect(countTotal(hardlyGrown.state, 203n, 'zero')).toEqual({
      state: { lastGrams: 203n, countedGrams: 240n, wentBackFromGrams: null, generation: 1 },
      event: { kind: 'began-anew', fromGrams: 5000n, toGrams: 3n },
    });
  });

  it('waits with another life when too many began lately, and loses nothing of it', () => {
    const back = countTotal({ lastGrams: 5000n, countedGrams: 40n, ...STEADY }, 3n, 'zero').state;
    expect(countTotal(back, 703n, 'zero', false)).toEqual({ state: back, event: null });
    expect(countTotal(back, 803n, 'zero', true).state).toMatchObject({ countedGrams: 840n, generation: 1 });
  });

  it('takes a small fall for the jitter of its device: only what lies beyond the highest total counts', () => {
    const state: CountState = { lastGrams: 5000n, countedGrams: 40n, ...STEADY };
    expect(countTotal(state, 5000n - LIFE_FALL_MIN_GRAMS + 1n, 'first')).toEqual({ state, event: null });
    const jitter = fc.array(fc.bigInt(-5n, 5n), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(jitter, (offsets) => {
        const totals = offsets.map((offset) => 1_000_000n + offset);
        let jittered = countTotal(NOTHING_COUNTED, 1_000_000n, 'first').state;
        for (const grams of totals) {
          const step = countTotal(jittered, grams, 'first');
          expect(step.event).toBeNull();
          jittered = step.state;
        }
        const highest = totals.reduce((high, one) => (one > high ? one : high), 1_000_000n);
        expect(jittered).toEqual({ lastGrams: highest, countedGrams: highest - 1_000_000n, ...STEADY });
      }),
    );
  });

  it('does not begin a life for the jitter of a device that starts, nor when it is back a little lower', () => {
    let state: CountState = { lastGrams: 5_000_000n, countedGrams: 40n, ...STEADY };
    for (const grams of [4n, 0n, 5n, 2n, 4_999_997n]) state = countTotal(state, grams, 'zero').state;
    expect(state).toEqual({ lastGrams: 5_000_000n, countedGrams: 40n, ...STEADY });
  });

  it('does not count a life twice when one reading falls and the next is back where it was', () => {
    const fallen = countTotal({ lastGrams: 5_000_000n, countedGrams: 40n, ...STEADY }, 0n, 'zero');
    const waiting = countTotal(fallen.state, 0n, 'zero');
    expect(countTotal(waiting.state, 5_000_012n, 'zero')).toEqual({
      state: { lastGrams: 5_000_012n, countedGrams: 52n, ...STEADY },
      event: { kind: 'returned', fromGrams: 0n, toGrams: 5_000_012n },
    });
  });

  it('counts the same whatever samples are lost or read twice', () => {
    const growing = fc.array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(growing, fc.infiniteStream(fc.boolean()), (steps, keep) => {
        let total = 0n;
        const totals = steps.map((step) => (total += step));
        const seen = totals.flatMap((value) => (keep.next().value === true ? [value] : [value, value]));
        const thinned = [...seen.filter(() => keep.next().value === true), total];
        const counted = [seen, thinned].map(
          (readings) =>
            readings.reduce((state, grams) => countTotal(state, grams, 'zero').state, NOTHING_COUNTED)
              .countedGrams,
        );
        expect(counted).toEqual([total, total]);
      }),
    );
  });
});

describe('a total in grams', () => {
  it.each([
    [12.3456, 'kg', 12_346n],
    [2n ** 60n, 'g', 2n ** 60n],
    [3n, 't', 3_000_000n],
    [0, 'kg', 0n],
  ])('%s %s is %s g', (value, unit, grams) => {
    expect(toGrams(value, unit)).toBe(grams);
  });

  it.each([
    ['a truth value', true, 'kg'],
    ['a text', '12', 'kg'],
    ['nothing', null, 'kg'],
    ['not a number', NaN, 'kg'],
    ['a negative mass', -1, 'kg'],
    ['a negative 64-bit mass', -1n, 'g'],
    ['a length', 5, 'm'],
    ['a bare number', 5, null],
    ['more grams than a double can tell apart', 1e20, 'kg'],
  ])('%s is no total', (_name, value, unit) => {
    expect(toGrams(value, unit)).toBeNull();
  });
});
