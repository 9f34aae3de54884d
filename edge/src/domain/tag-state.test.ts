import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading, TagDefinition } from './reading.ts';
import {
  degrade,
  expire,
  markTold,
  neverRead,
  SOURCE_AHEAD_MAX_MS,
  takeReading,
  type Instant,
} from './tag-state.ts';

const GROSS: TagDefinition = {
  name: 'gross',
  type: 'float64',
  unit: 'kg',
  deadband: 0.5,
  range: null,
  staleAfterMs: 1000,
};
const START: Instant = { wallMs: 1_700_000_000_000, monotonicMs: 50 };

function after(ms: number): Instant {
  return { wallMs: START.wallMs + ms, monotonicMs: START.monotonicMs + ms };
}

function good(value: TagValue | null, sourceTimeMs: number | null = null): Reading {
  return { tag: 'gross', value, quality: GOOD, sourceTimeMs };
}

function weighed(value: TagValue, at = START) {
  return takeReading(neverRead(GROSS, START), good(value), at);
}

describe('what of a tag is published', () => {
  it('is its first value, and then every change of at least the deadband', () => {
    const first = weighed(10);
    expect(first.sample).toMatchObject({ tag: 'gross', value: 10, qualityChanged: false });
    const small = takeReading(first.state, good(10.4), after(1));
    expect(small.sample).toBeNull();
    expect(takeReading(small.state, good(10.5), after(2)).sample).toMatchObject({ value: 10.5 });
    expect(takeReading(small.state, good(9.5), after(2)).sample).toMatchObject({ value: 9.5 });
  });

  it('is a step of the deadband itself, though a float32 makes it a little smaller', () => {
    const definition: TagDefinition = { ...GROSS, type: 'float32', deadband: 0.05 };
    const first = takeReading(neverRead(definition, START), good(1), START);
    expect(takeReading(first.state, good(Math.fround(1.05)), after(1)).sample).not.toBeNull();
    expect(takeReading(first.state, good(Math.fround(1.049)), after(1)).sample).toBeNull();
  });

  it('measures the deadband from what was told by a birth, too', () => {
    const unseen = takeReading(weighed(10).state, good(10.4), after(1)).state;
    expect(takeReading(markTold(unseen, after(1)), good(10.8), after(2)).sample).toBeNull();
    expect(takeReading(markTold(unseen, after(1)), good(10.9), after(2)).sample).not.toBeNull();
  });

  it('is every change of a text, a truth value or a counter without deadband', () => {
    const definition: TagDefinition = { ...GROSS, type: 'uint64', deadband: 0 };
    const first = takeReading(neverRead(definition, START), good(2n ** 60n), START);
    expect(takeReading(first.state, good(2n ** 60n), after(1)).sample).toBeNull();
    expect(takeReading(first.state, good(2n ** 60n + 1n), after(1)).sample).not.toBeNull();
  });

  it('is every change of quality, even when the value stays', () => {
    const doubtful: Reading = { ...good(10), quality: uncertain('out-of-range') };
    const step = takeReading(weighed(10).state, doubtful, after(1));
    expect(step.sample).toMatchObject({ value: 10, qualityChanged: true });
    expect(takeReading(step.state, good(10), after(2)).sample).toMatchObject({
      quality: GOOD,
      qualityChanged: true,
    });
  });

  it('never drifts further from what was published than the deadband', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { maxLength: 60 }), (moves) => {
        let step = weighed(0);
        let told: unknown = 0;
        let value = 0;
        for (const move of moves) {
          value += move;
          step = takeReading(step.state, good(value), after(1));
          told = step.sample === null ? told : step.sample.value;
          expect(Math.abs(value - Number(told))).toBeLessThan(0.5);
        }
      }),
    );
  });
});

describe('a value that is none', () => {
  it.each([
    ['not a number', NaN],
    ['infinity', Infinity],
    ['a text where a number belongs', 'heavy'],
    ['nothing', null],
  ])('%s is bad and has no value', (_name, value) => {
    const { state, sample } = takeReading(weighed(10).state, good(value), after(1));
    expect([state.value, state.quality]).toEqual([null, bad('not-a-value')]);
    expect(sample).toMatchObject({ value: null, qualityChanged: true });
  });

  it('a number past its integer type is bad, never another number', () => {
    const definition: TagDefinition = { ...GROSS, type: 'int16' };
    for (const value of [32_768, -32_769, 1.5, 2n ** 40n]) {
      expect(takeReading(neverRead(definition, START), good(value), START).state.value).toBeNull();
    }
    expect(takeReading(neverRead(definition, START), good(-32_768), START).state.value).toBe(-32_768);
  });

  it('a bad reading loses the value that it carries', () => {
    const reading: Reading = { ...good(12), quality: bad('refused') };
    expect(takeReading(weighed(10).state, reading, after(1)).sample).toMatchObject({ value: null });
  });
});

describe('the age of a value', () => {
  it('past its limit makes it bad, stale, once, whatever the wall clock does', () => {
    const { state } = weighed(10);
    expect(expire(state, after(1000)).sample).toBeNull();
    const stepped: Instant = { wallMs: START.wallMs - 3_600_000, monotonicMs: START.monotonicMs + 1001 };
    const step = expire(state, stepped);
    expect(step.sample).toMatchObject({ value: null, quality: bad('stale'), timeMs: stepped.wallMs });
    expect(expire(step.state, after(5000)).sample).toBeNull();
  });

  it('is not watched here when the driver watches it', () => {
    const definition: TagDefinition = { ...GROSS, staleAfterMs: null };
    const { state } = takeReading(neverRead(definition, START), good(1), START);
    expect(expire(state, after(1e9)).state).toBe(state);
  });

  it('does not hide why a tag was bad before', () => {
    const refused = degrade(weighed(10).state, bad('refused'), START).state;
    expect(expire(refused, after(1e6)).state.quality).toEqual(bad('refused'));
  });
});

describe('the time of a value', () => {
  it('is the device’s, or the edge’s when the device tells none or one from the future', () => {
    const at = after(100);
    const told = takeReading(weighed(1).state, good(2, START.wallMs - 60_000), at).state;
    const ahead = takeReading(weighed(1).state, good(2, at.wallMs + SOURCE_AHEAD_MAX_MS + 1), at).state;
    expect([weighed(1).state.timeMs, told.timeMs, ahead.timeMs]).toEqual([
      START.wallMs,
      START.wallMs - 60_000,
      at.wallMs,
    ]);
  });
});
