/** Whatever is read when, whatever cannot be read, and whenever the edge is killed: no kilogram is lost, none told twice. */
import fc from 'fast-check';
import type { ScaleSeen, Weighing, WeighingMissed, WeighingRefused } from '@trame/protocol/ledger-payloads';
import { bad, uncertain } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { ALIBI, ScaleBench, TOTALISER } from './test-weighing.ts';
import type { WeighingRecord } from './weighing-record.ts';
import type { ScaleTag } from './weighing-snapshot.ts';

const RUNS = 1000;

type Op =
  | { readonly kind: 'weigh' }
  | { readonly kind: 'read'; readonly register: number }
  | { readonly kind: 'poll' }
  | { readonly kind: 'look' }
  /** The machine speaks, so much of it reaches the disk, then the edge is killed. */
  | { readonly kind: 'die'; readonly stored: number }
  | { readonly kind: 'spoil' | 'heal'; readonly register: number }
  | { readonly kind: 'pass'; readonly ms: number }
  /** Somebody looks up a record so far back, for so many polls. */
  | { readonly kind: 'browse'; readonly back: number; readonly polls: number };

const register = fc.nat({ max: 2 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'weigh' } as const) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), register }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'poll' } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: 'look' } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), stored: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('spoil' as const, 'heal' as const), register }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 400 }) }) },
);
const ops = fc.array(op, { maxLength: 120 });
const browse: fc.Arbitrary<Op> = fc.record({
  kind: fc.constant('browse' as const),
  back: fc.integer({ min: 1, max: 8 }),
  polls: fc.nat({ max: 4 }),
});
const opsAndBrowsing = fc.array(fc.oneof({ weight: 5, arbitrary: op }, { weight: 1, arbitrary: browse }), {
  maxLength: 120,
});

function weightOf(number: number): number {
  return 5000 + 17 * number;
}

/** An indicator that weighs: each weight differs from all others, as real ones do. */
class Indicator {
  number = 0;
  weightGrams = 0;
  totalGrams = 0;

  constructor(weighings: number) {
    for (let count = 0; count < weighings; count += 1) this.weigh();
  }

  weigh(): void {
    this.number += 1;
    this.weightGrams = weightOf(this.number);
    this.totalGrams += this.weightGrams;
  }
}

class World {
  readonly bench: ScaleBench;
  readonly device: Indicator;
  readonly #registers: readonly ScaleTag[];
  readonly #spoilt = new Set<ScaleTag>();

  constructor(bench: ScaleBench, registers: readonly ScaleTag[], startNumber: number) {
    this.bench = bench;
    this.device = new Indicator(startNumber);
    this.#registers = registers;
    this.#show();
  }

  does(step: Op): void {
    const { bench } = this;
    switch (step.kind) {
      case 'weigh':
        this.device.weigh();
        this.#show();
        return;
      case 'read':
        bench.reads(...this.#pick(step.register)).looks();
        return;
      case 'poll':
        bench.reads().looks();
        return;
      case 'look':
        bench.looks();
        return;
      case 'die':
        bench.reads().looks(step.stored);
        bench.restarts();
        return;
      case 'spoil':
        for (const tag of this.#pick(step.register)) this.#spoilt.add(tag);
        this.#show();
        return;
      case 'heal':
        for (const tag of this.#pick(step.register)) this.#spoilt.delete(tag);
        this.#show();
        return;
      case 'pass':
        bench.pass(step.ms);
        return;
      case 'browse':
        this.#browses(step.back, step.polls);
    }
  }

  /** Once Trame knows where the scale stands: before, what it shows is where it begins. */
  #browses(back: number, polls: number): void {
    const number = this.device.number - back;
    if (number < 1 || this.bench.records.length === 0) return;
    this.bench.shows({ alibi: number, alibiWeight: weightOf(number) });
    for (let poll = 0; poll < polls; poll += 1) this.bench.reads().pass(300).looks();
    this.#show();
  }

  rests(): void {
    this.#spoilt.clear();
    this.#show();
    for (let poll = 0; poll < 4; poll += 1) this.bench.reads().pass(500).looks();
  }

  #pick(index: number): readonly ScaleTag[] {
    const tag = this.#registers[index % this.#registers.length];
    return tag === undefined ? [] : [tag];
  }

  #show(): void {
    const { number, weightGrams, totalGrams } = this.device;
    const values = { alibi: number, weighings: number, alibiWeight: weightGrams, total: totalGrams };
    for (const tag of this.#registers) {
      if (this.#spoilt.has(tag))
        this.bench.hides(tag === 'total' ? uncertain('device-uncertain') : bad('refused'), tag);
      else this.bench.shows({ [tag]: values[tag as keyof typeof values] });
    }
  }
}

interface Book {
  /** Each number that was recorded or named as missed, in the order of the records. */
  readonly numbers: readonly number[];
  readonly grams: number;
  /** Where the book begins. */
  readonly seen: readonly ScaleSeen[];
  readonly refused: readonly WeighingRecord[];
}

function bookOf(records: readonly WeighingRecord[]): Book {
  const numbers: number[] = [];
  let grams = 0;
  const seen: ScaleSeen[] = [];
  const refused: WeighingRecord[] = [];
  for (const record of records) {
    switch (record.type) {
      case 'scale.seen':
        seen.push(record.payload as ScaleSeen);
        break;
      case 'weighing.recorded': {
        const { number, netGrams } = record.payload as Weighing;
        numbers.push(number ?? Number.NaN);
        grams += netGrams;
        break;
      }
      case 'weighing.missed': {
        const { fromNumber, toNumber, netGrams } = record.payload as WeighingMissed;
        for (let number = fromNumber; number <= toNumber; number += 1) numbers.push(number);
        grams += netGrams ?? Number.NaN;
        break;
      }
      case 'weighing.refused':
        refused.push(record);
    }
  }
  return { numbers, grams, seen, refused };
}

function numbersBetween(after: number, upTo: number): number[] {
  return Array.from({ length: Math.max(0, upTo - after) }, (_, index) => after + 1 + index);
}

const SCALES = [
  ['alibi memory and total', { ...ALIBI, total: 'total' }, ['alibi', 'alibiWeight', 'total']],
  ['totaliser', TOTALISER, ['weighings', 'total']],
] as const;

describe.each(SCALES)('a scale with %s', (_name, config, registers) => {
  it.each(['first', 'zero'] as const)(
    'tells each number once and every gram, from its %s number on',
    (baseline) => {
      fc.assert(
        fc.property(ops, fc.nat({ max: 5 }), (steps, startNumber) => {
          const world = new World(new ScaleBench({ ...config, baseline }), registers, startNumber);
          for (const step of steps) world.does(step);
          world.rests();
          const { numbers, grams, seen, refused } = bookOf(world.bench.records);
          const [from] = seen;
          expect(seen).toHaveLength(1);
          expect(refused).toStrictEqual([]);
          expect(from?.number).toBeGreaterThanOrEqual(baseline === 'zero' ? 0 : startNumber);
          expect(from?.number).toBeLessThanOrEqual(baseline === 'zero' ? 0 : world.device.number);
          expect(numbers).toStrictEqual(numbersBetween(from?.number ?? Number.NaN, world.device.number));
          expect(grams).toBe(world.device.totalGrams - (from?.totalGrams ?? Number.NaN));
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('records what it records with the weight of its number', () => {
    fc.assert(
      fc.property(ops, (steps) => {
        const world = new World(new ScaleBench(config), registers, 0);
        for (const step of steps) world.does(step);
        world.rests();
        const weights = world.bench.records
          .filter(({ type }) => type === 'weighing.recorded')
          .map(({ payload }) => payload as Weighing);
        expect(weights.map(({ netGrams }) => netGrams)).toStrictEqual(
          weights.map(({ number }) => weightOf(number ?? Number.NaN)),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

describe('an alibi memory in which somebody browses', () => {
  it('is told as if nobody did, but for numbers that were missed and are recorded after all', () => {
    fc.assert(
      fc.property(opsAndBrowsing, fc.nat({ max: 5 }), (steps, startNumber) => {
        const scale = { ...ALIBI, total: 'total' };
        const world = new World(new ScaleBench(scale), ['alibi', 'alibiWeight', 'total'], startNumber);
        for (const step of steps) world.does(step);
        world.rests();
        const { records } = world.bench;
        const { seen, refused } = bookOf(records);
        const first = seen[0]?.number ?? Number.NaN;
        const isRecovered = (record: WeighingRecord, index: number) =>
          record.type === 'weighing.recorded' &&
          records.slice(0, index).some((other) => isMissedIn(other, record.payload as Weighing));
        const { numbers, grams } = bookOf(records.filter((record, index) => !isRecovered(record, index)));
        expect(seen).toHaveLength(1);
        expect(numbers).toStrictEqual(numbersBetween(first, world.device.number));
        expect(grams).toBe(world.device.totalGrams - (seen[0]?.totalGrams ?? Number.NaN));
        const weighings = records.filter(({ type }) => type === 'weighing.recorded');
        expect(new Set(weighings.map(({ key }) => key)).size).toBe(weighings.length);
        for (const { payload } of weighings as readonly { payload: unknown }[]) {
          const { number, netGrams } = payload as Weighing;
          expect(netGrams).toBe(weightOf(number ?? Number.NaN));
        }
        const before = refused.map(({ payload }) => payload as WeighingRefused);
        for (const { reason, number } of before) {
          expect(reason).toBe('went-back');
          expect(number).toBeLessThan(first);
        }
        expect(new Set(before.map(({ number }) => number)).size).toBe(before.length);
      }),
      { numRuns: RUNS },
    );
  });
});

function isMissedIn({ type, payload }: WeighingRecord, { number }: Weighing): boolean {
  if (type !== 'weighing.missed' || number === null) return false;
  const { fromNumber, toNumber } = payload as WeighingMissed;
  return number >= fromNumber && number <= toNumber;
}
