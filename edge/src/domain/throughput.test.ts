import { payloadFault, type ThroughputCounted } from '@trame/protocol/ledger-payloads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_COUNTED, type CountState } from './count-total.ts';
import type { KeptCount } from './line-counts.ts';
import type { LineEvent } from './line-events.ts';
import {
  decodeCountMark,
  encodeCountMark,
  countFromMark,
  countMarkName,
  type CountMark,
} from './throughput-mark.ts';
import {
  nextThroughput,
  startThroughput,
  THROUGHPUT_UNTIL_MARK,
  type ThroughputState,
} from './throughput.ts';

const MIDNIGHT = Date.UTC(2026, 2, 3);
const EVERY = 60_000;

function kept(over: Partial<CountState>, more: Partial<KeptCount> = {}): KeptCount {
  return {
    name: 'outlet.reuse',
    source: { device: 'bins', tag: 'total1' },
    reads: 'holding 5',
    state: { ...NOTHING_COUNTED, ...over },
    ended: [],
    ...more,
  };
}

function started(nowMs: number, marks: ReadonlyMap<string, CountMark> = new Map()): ThroughputState {
  return startThroughput(marks, nowMs, { nowMs, everyMs: EVERY });
}

function tick(
  state: ThroughputState,
  nowMs: number,
  counts: readonly KeptCount[],
  cutAtMs: number | null = null,
) {
  return nextThroughput(state, { nowMs, everyMs: EVERY, counts, cutAtMs });
}

function told(events: readonly LineEvent[]): readonly ThroughputCounted[] {
  return events.flatMap(({ type, payload }) =>
    type === 'throughput.counted' ? [payload as ThroughputCounted] : [],
  );
}

/** What a ledger holds after these events, whatever else it held. */
function marksOf(events: readonly LineEvent[], before: ReadonlyMap<string, CountMark> = new Map()) {
  const marks = new Map(before);
  for (const event of events) {
    for (const [name, text] of Object.entries(event.marks)) {
      if (name.startsWith('count.')) marks.set(name.slice('count.'.length), decodeCountMark(text));
    }
  }
  return marks;
}

describe('what fell in a period', () => {
  const fallen = kept({ lastGrams: 1200n, countedGrams: 700n });

  it('is told when the period ends and not before, with the last millisecond of its own day', () => {
    const start = started(MIDNIGHT - 30_000);
    const before = tick(start, MIDNIGHT - 1000, [fallen]);
    expect(before.events).toEqual([]);
    const { events } = tick(before.state, MIDNIGHT + 400, [fallen]);
    expect(events).toEqual([
      {
        type: 'throughput.counted',
        occurredAtMs: MIDNIGHT - 1,
        actorRef: null,
        key: null,
        payload: {
          from: MIDNIGHT - 30_000,
          to: MIDNIGHT - 1,
          counts: [
            {
              counter: 'outlet.reuse',
              grams: 700,
              totalGrams: 700,
              source: { device: 'bins', tag: 'total1', generation: 0 },
              sourceGrams: 1200,
            },
          ],
        },
        marks: {
          'count.outlet.reuse': expect.any(String),
          [THROUGHPUT_UNTIL_MARK]: String(MIDNIGHT - 1),
        },
      },
    ]);
    expect(events.map(({ type, payload }) => payloadFault(type, payload))).toEqual([null]);
  });

  it('is told once: the next period has only what grew since, and one without growth tells nothing', () => {
    const first = tick(started(MIDNIGHT), MIDNIGHT + EVERY, [fallen]);
    const still = tick(first.state, MIDNIGHT + 2 * EVERY, [fallen]);
    expect(still.events).toEqual([]);
    const more = kept({ lastGrams: 1205n, countedGrams: 705n });
    const third = tick(still.state, MIDNIGHT + 3 * EVERY + 5, [more]);
    expect(told(third.events)).toMatchObject([
      {
        from: MIDNIGHT + 2 * EVERY,
        to: MIDNIGHT + 3 * EVERY - 1,
        counts: [{ grams: 5, totalGrams: 705, sourceGrams: 1205 }],
      },
    ]);
  });

  it('is one event for all outlets, and as many as it takes when an amount is past what one may hold', () => {
    const great = kept({ lastGrams: 2_300_000_000n, countedGrams: 2_300_000_000n });
    const small = kept({ lastGrams: 9n, countedGrams: 4n }, { name: 'input' });
    const { events } = tick(started(MIDNIGHT), MIDNIGHT + EVERY, [great, small]);
    expect(
      told(events).map(({ counts }) => counts.map(({ grams, sourceGrams }) => [grams, sourceGrams])),
    ).toEqual([
      [
        [1_000_000_000, 1_000_000_000],
        [4, 9],
      ],
      [[1_000_000_000, 2_000_000_000]],
      [[300_000_000, 2_300_000_000]],
    ]);
    expect(events.map(({ type, payload }) => payloadFault(type, payload))).toEqual([null, null, null]);
  });

  it('waits beside what was counted before the ledger began', () => {
    const marks = new Map([['outlet.reuse', { totalGrams: 650n, life: null }]]);
    const { events } = tick(started(MIDNIGHT, marks), MIDNIGHT + EVERY, [fallen]);
    expect(told(events)).toMatchObject([{ counts: [{ grams: 50, totalGrams: 700, sourceGrams: 1200 }] }]);
  });

  it('ends where it is told to when the edge stops, and is dated by a clock that was set back', () => {
    const stop = tick(started(MIDNIGHT), MIDNIGHT + 5000, [fallen], MIDNIGHT + 5000);
    expect(told(stop.events)).toMatchObject([{ from: MIDNIGHT, to: MIDNIGHT + 5000 }]);
    const back = tick(started(MIDNIGHT), MIDNIGHT - 3_600_000, [fallen]);
    expect(told(back.events)).toMatchObject([{ from: MIDNIGHT - 3_600_000, to: MIDNIGHT - 3_600_000 }]);
    expect(tick(back.state, MIDNIGHT - 3_599_000, [fallen]).events).toEqual([]);
  });

  it('past what a number can hold is not recorded, and its counter is named', () => {
    const absurd = kept({ lastGrams: 2n ** 60n, countedGrams: 2n ** 60n });
    const step = tick(started(MIDNIGHT), MIDNIGHT + EVERY, [absurd, { ...fallen, name: 'input' }]);
    expect(step.unrecordable).toEqual(['outlet.reuse']);
    expect(told(step.events).flatMap(({ counts }) => counts.map(({ counter }) => counter))).toEqual([
      'input',
    ]);
  });
});

describe('a total that went back for good', () => {
  const anew = kept(
    { lastGrams: 10n, countedGrams: 707n, generation: 1 },
    {
      ended: [
        {
          source: { device: 'bins', tag: 'total1' },
          reads: 'holding 5',
          generation: 0,
          countedGrams: 700n,
          sourceGrams: 1200n,
          fellToGrams: 3n,
        },
      ],
    },
  );

  it('closes the running count, then is told, then its new life is counted', () => {
    const marks = new Map([['outlet.reuse', { totalGrams: 690n, life: null }]]);
    const first = tick(started(MIDNIGHT, marks), MIDNIGHT + 1000, [anew]);
    expect(first.events.map(({ type, payload }) => [type, payload])).toEqual([
      [
        'throughput.counted',
        {
          from: MIDNIGHT,
          to: MIDNIGHT + 1000,
          counts: [
            {
              counter: 'outlet.reuse',
              grams: 10,
              totalGrams: 700,
              source: { device: 'bins', tag: 'total1', generation: 0 },
              sourceGrams: 1200,
            },
          ],
        },
      ],
      [
        'total.wentBack',
        {
          counter: 'outlet.reuse',
          source: { device: 'bins', tag: 'total1', generation: 1 },
          fromGrams: 1200,
          toGrams: 3,
        },
      ],
    ]);
    expect(first.events.map(({ type, payload }) => payloadFault(type, payload))).toEqual([null, null]);
    expect(tick(first.state, MIDNIGHT + 2000, [anew]).events).toEqual([]);
    const due = tick(first.state, MIDNIGHT + EVERY, [anew]);
    expect(told(due.events)).toMatchObject([
      { counts: [{ grams: 7, totalGrams: 707, source: { generation: 1 }, sourceGrams: 10 }] },
    ]);
  });

  it('is told once, though the edge is cut off between any two of these events', () => {
    const { events } = tick(started(MIDNIGHT), MIDNIGHT + EVERY, [anew]);
    expect(events).toHaveLength(3);
    for (let stored = 0; stored <= events.length; stored += 1) {
      const marks = marksOf(events.slice(0, stored));
      const rest = tick(started(MIDNIGHT + EVERY, marks), MIDNIGHT + 2 * EVERY, [anew]).events;
      const whole = [...events.slice(0, stored), ...rest];
      expect(whole.filter(({ type }) => type === 'total.wentBack')).toHaveLength(1);
      const grams = told(whole).flatMap(({ counts }) => counts.map((count) => count.grams));
      expect(grams.reduce((sum, one) => sum + one, 0)).toBe(707);
    }
  });
});

describe('a total that was exchanged for another', () => {
  const previous = { source: { device: 'old', tag: 'total' }, reads: 'holding 9', generation: 3 };
  const ended = [{ ...previous, countedGrams: 700n, sourceGrams: 1200n, fellToGrams: null }];
  const exchanged = kept({ countedGrams: 700n, generation: 4 }, { ended });

  it('is told once, with what the one before had come to, though the new one was not read yet', () => {
    const first = tick(started(MIDNIGHT), MIDNIGHT + 1000, [exchanged]);
    expect(first.events.map(({ type, payload }) => [type, payload])).toMatchObject([
      ['throughput.counted', { counts: [{ grams: 700, source: { device: 'old', generation: 3 } }] }],
      [
        'total.replaced',
        {
          counter: 'outlet.reuse',
          source: { device: 'bins', tag: 'total1', generation: 4 },
          previous: { device: 'old', tag: 'total', generation: 3 },
          previousGrams: 1200,
        },
      ],
    ]);
    expect(first.events.map(({ type, payload }) => payloadFault(type, payload))).toEqual([null, null]);
    expect(tick(first.state, MIDNIGHT + 2000, [exchanged]).events).toEqual([]);
    const restarted = started(MIDNIGHT + 2000, marksOf(first.events));
    expect(tick(restarted, MIDNIGHT + 3000, [exchanged]).events).toEqual([]);
    const grown = kept({ lastGrams: 50n, countedGrams: 707n, generation: 4 }, { ended });
    expect(told(tick(first.state, MIDNIGHT + EVERY, [grown]).events)).toMatchObject([
      { counts: [{ grams: 7, totalGrams: 707, source: { generation: 4 }, sourceGrams: 50 }] },
    ]);
  });

  it('twice is told twice, each with its successor', () => {
    const second = { ...ended[0], source: { device: 'mid', tag: 't' }, reads: 'm', generation: 4 };
    const both = [...ended, { ...second, countedGrams: 700n, sourceGrams: 9n, fellToGrams: null }];
    const twice = kept({ countedGrams: 700n, generation: 5 }, { ended: both });
    const { events } = tick(started(MIDNIGHT), MIDNIGHT + 1000, [twice]);
    const names = events.flatMap(({ type, payload }) => (type === 'total.replaced' ? [payload] : []));
    expect(names).toMatchObject([
      { previous: { device: 'old' }, source: { device: 'mid', generation: 4 } },
      { previous: { device: 'mid' }, source: { device: 'bins', generation: 5 } },
    ]);
  });

  it('for a counter that counts it under another name is no event', () => {
    const handedOver = kept({ countedGrams: 700n, generation: 4 }, { ...previous, ended });
    const { events } = tick(started(MIDNIGHT), MIDNIGHT + 1000, [handedOver]);
    expect(events.map(({ type }) => type)).toEqual(['throughput.counted']);
  });
});

describe("a counter's file that says less than the ledger", () => {
  const definition = { name: 'input', source: { device: 'scale', tag: 'total' }, reads: 'r' };
  const life = { source: definition.source, reads: 'r', generation: 2, sourceGrams: 900n };
  const mark: CountMark = { totalGrams: 500n, life };

  it('is put where the ledger is, so that what fell since is counted and what fell before is not', () => {
    const resumed = countFromMark('input', null, mark);
    expect(resumed?.state).toEqual({
      lastGrams: 900n,
      countedGrams: 500n,
      wentBackFromGrams: null,
      generation: 2,
    });
    const old = kept({ lastGrams: 700n, countedGrams: 300n, generation: 2 }, definition);
    expect(countFromMark('input', old, mark)?.state.lastGrams).toBe(900n);
  });

  it('is of the total that the ledger knows, whatever is configured now', () => {
    expect(countFromMark('input', null, mark)).toMatchObject({ source: definition.source, reads: 'r' });
    const replaced = { totalGrams: 500n, life: { ...life, sourceGrams: null } };
    expect(countFromMark('input', null, replaced)?.state).toMatchObject({ lastGrams: null, generation: 2 });
  });

  it('is left alone when it says as much or more, or the ledger has nothing to say', () => {
    const right = kept({ lastGrams: 900n, countedGrams: 500n, generation: 2 }, definition);
    expect(countFromMark('input', right, mark)).toBeNull();
    expect(countFromMark('input', null, { totalGrams: 500n, life: null })).toBeNull();
    expect(countFromMark('input', null, null)).toBeNull();
  });

  it('has a name in the ledger that is refused when it is not what was written', () => {
    expect(countMarkName('input')).toBe('count.input');
    const replaced = { totalGrams: 1n, life: { ...life, sourceGrams: null } };
    for (const one of [mark, replaced, { totalGrams: 2n ** 60n, life: null }]) {
      expect(decodeCountMark(encodeCountMark(one))).toEqual(one);
    }
    expect(() => decodeCountMark('{"totalGrams":"-4"}')).toThrow('is no mark of a counter');
  });
});

describe('recorded and waiting', () => {
  it('are what was counted, to the gram, though the edge is cut off at any moment', () => {
    const step = fc.record({
      grams: fc.bigInt(0n, 3_000_000_000n),
      ms: fc.integer({ min: 1, max: 90_000 }),
      stored: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let ledger: ReadonlyMap<string, CountMark> = new Map();
        let state = started(MIDNIGHT);
        let nowMs = MIDNIGHT;
        let counted = 0n;
        let recorded = 0n;
        for (const { grams, ms, stored } of steps) {
          nowMs += ms;
          counted += grams;
          const now = kept({ lastGrams: counted, countedGrams: counted });
          const { state: after, events } = tick(state, nowMs, [now]);
          state = after;
          if (stored) {
            ledger = marksOf(events, ledger);
            for (const { counts } of told(events)) {
              for (const count of counts) recorded += BigInt(count.grams);
            }
          } else {
            // Cut off before anything of this cycle reached the disk.
            state = started(nowMs, ledger);
          }
          const waiting = counted - (ledger.get('outlet.reuse')?.totalGrams ?? 0n);
          expect(recorded + waiting).toBe(counted);
        }
        const last = tick(state, nowMs, [kept({ lastGrams: counted, countedGrams: counted })], nowMs);
        for (const { counts } of told(last.events)) {
          for (const count of counts) recorded += BigInt(count.grams);
        }
        expect(recorded).toBe(counted);
      }),
    );
  });
});
