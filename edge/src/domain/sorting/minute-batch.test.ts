import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import type { LineEvent } from '../line-events.ts';
import { decodeToldItems, itemsMarkName, NOTHING_TOLD } from './batch-mark.ts';
import { compareItemPlaces, type Item } from './item.ts';
import { nextMinuteBatch, startMinuteBatch, type BatchEvent, type MinuteBatch } from './minute-batch.ts';
import { item, LIFE, MODEL, PROGRAMME, sha256, START_MS } from './test-item.ts';

const TICK = { kind: 'tick', nowMs: START_MS + 3_600_000 } as const;
const of = (one: Item): BatchEvent => ({ kind: 'item', item: one });

/** A machine, and the ledger that takes what it tells. */
class Told {
  state: MinuteBatch = startMinuteBatch('nir', NOTHING_TOLD);
  readonly events: LineEvent[] = [];

  /** @param takes how many of the events of each step the ledger takes before the edge dies. */
  give(event: BatchEvent, hash = sha256, takes = Infinity): readonly LineEvent[] {
    const { state, events } = nextMinuteBatch(this.state, event, hash);
    this.state = state;
    this.events.push(...events.slice(0, takes));
    return events;
  }

  /** As after a crash: from the mark, and what is kept after it. */
  restart(kept: readonly Item[]): void {
    const told = decodeToldItems(this.events.at(-1)?.marks[itemsMarkName('nir')] ?? null);
    this.state = startMinuteBatch('nir', told);
    const { all } = told;
    const after = kept.filter((one) => all === null || compareItemPlaces(one, all) > 0);
    for (const one of after) this.give(of(one), (text) => text);
  }

  get payloads(): readonly ItemsSorted[] {
    return this.events.map(({ payload }) => payload as ItemsSorted);
  }
}

describe('a minute of sorting', () => {
  it('is told when it is over, one sum for each outlet, with mean, error and hash', () => {
    const told = new Told();
    const blend = {
      reading: 'blend',
      composition: { cellulosic: 50, polyester: 50 },
      errorPoints: 5,
    } as const;
    told.give(of(item(1)));
    told.give(of(item(2, { facts: blend, wrote: 'late' })));
    told.give(
      of(item(3, { decided: 'manual', rule: 'rest', facts: { reading: 'unknown', composition: null } })),
    );
    expect(told.give({ kind: 'tick', nowMs: START_MS + 61_000 })).toEqual([]);
    told.give({ kind: 'tick', nowMs: START_MS + 62_000 });
    expect(told.payloads).toEqual([
      {
        device: 'nir',
        life: LIFE,
        outlet: 'cotton',
        fromAt: START_MS + 1000,
        toAt: START_MS + 2000,
        fromSeq: 1,
        toSeq: 2,
        items: 2,
        readings: { pure: 1, blend: 1, unknown: 0, 'see-through': 0, unreadable: 0, none: 0 },
        composition: [
          { fibre: 'cellulosic', percent: 74 },
          { fibre: 'polyester', percent: 26 },
        ],
        described: 2,
        errorPoints: 4.12,
        late: 1,
        programme: PROGRAMME,
        model: MODEL,
        hash: sha256('[[1,"pure-cotton","pure"],[2,"pure-cotton","blend"]]'),
      },
      expect.objectContaining({
        outlet: 'manual',
        items: 1,
        described: 0,
        composition: [],
        errorPoints: null,
      }),
    ]);
    for (const { payload } of told.events) expect(payloadFault('items.sorted', payload)).toBeNull();
    expect(told.events[1]).toMatchObject({ type: 'items.sorted', occurredAtMs: START_MS + 3000 });
  });

  it('in which nothing was read says nothing', () => {
    const told = new Told();
    for (let minute = 0; minute < 10; minute += 1) {
      expect(told.give({ kind: 'tick', nowMs: START_MS + 60_000 * minute })).toEqual([]);
    }
    expect(told.give({ kind: 'cut' })).toEqual([]);
  });

  it('with two programmes, two models or two lives has sums for each', () => {
    const second = { ...PROGRAMME, version: 2, hash: 'ef'.repeat(32) };
    const told = new Told();
    told.give(of(item(1)));
    told.give(of(item(2, { programme: second })));
    told.give(of(item(3, { programme: second, verdict: { model: null } })));
    told.give(of(item(4, { programme: null, rule: null, verdict: { model: null } })));
    told.give(of(item(1, { life: '69070001', readAtMs: START_MS + 5000 })));
    told.give({ kind: 'cut' });
    expect(
      told.payloads.map(({ programme, model, life, items }) => [programme?.version, model?.id, life, items]),
    ).toEqual([
      [1, 'site', LIFE, 1],
      [2, 'site', LIFE, 1],
      [2, undefined, LIFE, 1],
      [undefined, undefined, LIFE, 1],
      [1, 'site', '69070001', 1],
    ]);
    for (const { payload } of told.events) expect(payloadFault('items.sorted', payload)).toBeNull();
  });

  it('does not stay open when the clock was set back, and takes a piece of another minute into another sum', () => {
    const told = new Told();
    told.give(of(item(1)));
    told.give({ kind: 'tick', nowMs: START_MS - 2000 });
    expect(told.events).toEqual([]);
    told.give({ kind: 'tick', nowMs: START_MS - 3_600_000 });
    told.give(of(item(2, { readAtMs: START_MS - 3_599_000 })));
    told.give(of(item(3, { readAtMs: START_MS + 61_000 })));
    told.give(TICK);
    expect(told.payloads.map(({ fromSeq, toSeq }) => [fromSeq, toSeq])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('of a clock that was never set is told at a date that the ledger takes', () => {
    const told = new Told();
    told.give(of(item(1, { readAtMs: 1000.5 })));
    told.give({ kind: 'cut' });
    for (const { payload } of told.events) expect(payloadFault('items.sorted', payload)).toBeNull();
  });

  it('counts a piece whose shares are absurd as one of which nothing is said', () => {
    const told = new Told();
    for (const [index, composition] of [{ cotton: Number.NaN }, { cotton: -5, wool: 105 }, {}].entries()) {
      told.give(of(item(index, { facts: { composition, errorPoints: Number.NaN } })));
    }
    told.give({ kind: 'cut' });
    expect(told.payloads).toMatchObject([{ items: 3, described: 0, composition: [], errorPoints: null }]);
  });
});

/** In the place of a hash: what it is made of. */
const text = (said: string): string => said;

const stream = fc.array(
  fc.record({
    outlet: fc.constantFrom('cotton', 'polyester', 'manual'),
    afterMs: fc.oneof(
      { weight: 9, arbitrary: fc.nat(20_000) },
      { weight: 1, arbitrary: fc.integer({ min: -300_000, max: 300_000 }) },
    ),
    skipped: fc.nat(2),
    newLife: fc.nat(15).map((one) => one === 0),
    programme: fc.nat(5).map((one) => (one === 0 ? null : PROGRAMME)),
    shares: fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }),
    /** The edge dies here, when so many of the events of the step are in the ledger. */
    dies: fc.option(fc.nat(3), { freq: 8 }),
    tick: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('a crash between two events of the ledger', () => {
  it('neither loses a piece nor counts one twice, and what is told again is what would have been told', () => {
    fc.assert(
      fc.property(stream, (steps) => {
        const told = new Told();
        const kept: Item[] = [];
        let [seq, nowMs, life] = [0, START_MS, Number.parseInt(LIFE, 16)];
        for (const step of steps) {
          nowMs += step.afterMs;
          if (step.newLife) [seq, life] = [0, life + 1];
          seq += 1 + step.skipped;
          const [cotton = 0, polyester = 0, wool = 0] = step.shares;
          const one = item(seq, {
            life: life.toString(16),
            readAtMs: nowMs,
            decided: step.outlet,
            programme: step.programme,
            facts: { composition: { cotton, polyester, wool } },
          });
          kept.push(one);
          told.give(of(one), text, step.dies ?? Infinity);
          if (step.dies !== null) told.restart(kept);
          if (step.tick) told.give({ kind: 'tick', nowMs }, text);
        }
        const events = told.give({ kind: 'cut' }, text);
        const said = told.payloads.flatMap(({ hash, life: of, outlet }) =>
          (JSON.parse(hash) as [number][]).map(([number]) => `${of}:${number} ${outlet}`),
        );
        expect(said.toSorted()).toEqual(kept.map((one) => `${one.life}:${one.seq} ${one.outlet}`).toSorted());
        for (const {
          items,
          fromSeq,
          toSeq,
          readings,
          fromAt,
          toAt,
          composition,
          described,
          hash,
        } of told.payloads) {
          const numbers = (JSON.parse(hash) as [number][]).map(([number]) => number);
          expect([items, fromSeq, toSeq]).toEqual([numbers.length, numbers[0], numbers.at(-1)]);
          expect(Object.values(readings).reduce((a, b) => a + b)).toBe(items);
          expect(fromAt).toBeLessThanOrEqual(toAt);
          const hundredths = composition.reduce((sum, { percent }) => sum + Math.round(100 * percent), 0);
          expect(hundredths).toBe(described === 0 ? 0 : 10_000);
        }
        const last = kept.at(-1);
        const mark = decodeToldItems(told.events.at(-1)?.marks[itemsMarkName('nir')] ?? null);
        expect(mark.all).toEqual(last === undefined ? null : { life: last.life, seq: last.seq });
        expect(told.give(TICK)).toEqual([]);
        expect(events.length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 500 },
    );
  });
});
