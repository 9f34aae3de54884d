import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after, distance, FAR_AHEAD } from '../domain/sorting/read-numbers.ts';
import type { SpectrumRead } from '../ports/spectrum-source.ts';
import {
  FAILED_PAUSE_MS,
  next,
  NO_RESULTS,
  NOT_WRITTEN_PAUSE_MS,
  NOT_WRITTEN_TRIES,
  placeOf,
  type RingEffect,
  type RingEvent,
  type RingPlace,
  type RingRules,
  type RingState,
} from './plan-ring-reads.ts';

const RULES: RingRules = { size: 8, perRead: 3 };
const UINT32 = 2 ** 32;

function read(seq: number): SpectrumRead {
  return { seq, readAtMs: seq, values: Float32Array.of(seq) };
}

function result(seq: number): RingPlace {
  return { kind: 'result', read: read(seq) };
}

/** Runs events; gives the state and the effects of the last one. */
function told(
  events: readonly RingEvent[],
  rules = RULES,
): { state: RingState; effects: readonly RingEffect[] } {
  let step: { state: RingState; effects: readonly RingEffect[] } = { state: NO_RESULTS, effects: [] };
  for (const event of events) step = next(step.state, event, rules);
  return step;
}

const seq = (number: number): RingEvent => ({ kind: 'seq', seq: number });

function answer(ticket: number, places: readonly RingPlace[], head: number | null = null): RingEvent {
  return { kind: 'answer', ticket, places, head };
}

describe('what is read', () => {
  test('the first number begins it, and nothing that lies there already is read', () => {
    expect(told([seq(41)]).effects).toEqual([{ kind: 'begun', seq: 41, why: 'first' }]);
    expect(told([seq(41), seq(41)]).effects).toEqual([]);
  });

  test('everything since then is, so many in one request, one request at a time', () => {
    const asked = told([seq(41), seq(46)]);
    expect(asked.effects).toEqual([{ kind: 'read', ticket: 1, first: 42, count: 3, afterMs: 0 }]);
    expect(next(asked.state, seq(47), RULES).effects).toEqual([]);
    const answered = next(asked.state, answer(1, [result(42), result(43), result(44)]), RULES);
    expect(answered.effects).toEqual([
      { kind: 'spectra', reads: [read(42), read(43), read(44)] },
      { kind: 'read', ticket: 2, first: 45, count: 2, afterMs: 0 },
    ]);
  });

  test('what was written over before it was asked for is missed, and the rest is read', () => {
    expect(told([seq(41), seq(52)]).effects).toEqual([
      { kind: 'missed', fromSeq: 42, count: 3, why: 'overwritten' },
      { kind: 'read', ticket: 1, first: 45, count: 3, afterMs: 0 },
    ]);
  });

  test('a full ring is read whole', () => {
    expect(told([seq(41), seq(49)]).effects).toEqual([
      { kind: 'read', ticket: 1, first: 42, count: 3, afterMs: 0 },
    ]);
  });

  test('the numbers wrap', () => {
    const begun = told([seq(UINT32 - 2), seq(1)]);
    expect(begun.effects).toEqual([{ kind: 'read', ticket: 1, first: UINT32 - 1, count: 3, afterMs: 0 }]);
    const places = [result(UINT32 - 1), result(0), result(1)];
    expect(next(begun.state, answer(1, places, 1), RULES).effects).toEqual([
      { kind: 'spectra', reads: [read(UINT32 - 1), read(0), read(1)] },
    ]);
  });
});

describe('what a place holds', () => {
  const asked = told([seq(41), seq(44)]).state;

  test('a later result was laid over the one that was wanted', () => {
    expect(next(asked, answer(1, [result(50), result(43), result(44)], 50), RULES).effects).toEqual([
      { kind: 'missed', fromSeq: 42, count: 1, why: 'overwritten' },
      { kind: 'spectra', reads: [read(43), read(44)] },
    ]);
  });

  test('one that may be half of each, since the later one was begun meanwhile, is missed', () => {
    expect(next(asked, answer(1, [result(42), result(43), result(44)], 50), RULES).effects).toEqual([
      { kind: 'missed', fromSeq: 42, count: 1, why: 'overwritten' },
      { kind: 'spectra', reads: [read(43), read(44)] },
    ]);
  });

  test('misses of different kinds are told apart', () => {
    const none: RingPlace = { kind: 'unreadable', seq: null };
    expect(next(asked, answer(1, [none, result(51), none]), RULES).effects).toEqual([
      { kind: 'missed', fromSeq: 42, count: 1, why: 'unreadable' },
      { kind: 'missed', fromSeq: 43, count: 1, why: 'overwritten' },
      { kind: 'missed', fromSeq: 44, count: 1, why: 'unreadable' },
    ]);
  });

  test('no spectrum is one miss each, told together', () => {
    const none: RingPlace = { kind: 'unreadable', seq: null };
    expect(
      next(asked, answer(1, [result(42), none, { kind: 'unreadable', seq: 44 }]), RULES).effects,
    ).toEqual([
      { kind: 'spectra', reads: [read(42)] },
      { kind: 'missed', fromSeq: 43, count: 2, why: 'unreadable' },
    ]);
    expect(next(asked, answer(1, []), RULES).effects).toEqual([
      { kind: 'missed', fromSeq: 42, count: 3, why: 'unreadable' },
    ]);
  });

  test('one that is not written yet is waited for, and those after it wait too', () => {
    const step = next(asked, answer(1, [result(42), result(35), result(44)]), RULES);
    expect(step.effects).toEqual([
      { kind: 'spectra', reads: [read(42)] },
      { kind: 'read', ticket: 2, first: 43, count: 2, afterMs: NOT_WRITTEN_PAUSE_MS },
    ]);
    expect(next(step.state, answer(2, [result(43), result(44)]), RULES).effects).toEqual([
      { kind: 'spectra', reads: [read(43), read(44)] },
    ]);
  });

  test('it is not waited for long', () => {
    let state = asked;
    let ticket = 1;
    let requests = 0;
    const said: RingEffect[] = [];
    while (state.asked !== null && requests < 20) {
      ({ ticket } = state.asked);
      const { first, count } = state.asked;
      const places = Array.from({ length: count }, (_, index) => result(first + index < 44 ? 0 : 44));
      const step = next(state, answer(ticket, places), RULES);
      said.push(...step.effects.filter(({ kind }) => kind !== 'read'));
      ({ state } = step);
      requests += 1;
    }
    expect(requests).toBe(NOT_WRITTEN_TRIES + 1);
    expect(said).toEqual([
      { kind: 'missed', fromSeq: 42, count: 2, why: 'not-written' },
      { kind: 'spectra', reads: [read(44)] },
    ]);
  });
});

describe('what goes wrong with the station and its line', () => {
  test('a request that fails is sent again, after a pause', () => {
    const failed = told([seq(41), seq(42), { kind: 'failed', ticket: 1 }]);
    expect(failed.effects).toEqual([
      { kind: 'read', ticket: 2, first: 42, count: 1, afterMs: FAILED_PAUSE_MS },
    ]);
    expect(next(failed.state, { kind: 'failed', ticket: 1 }, RULES).effects).toEqual([]);
  });

  test('after a lost session reading goes on where it stood, once the station tells its number', () => {
    const anew = told([seq(41), seq(43), { kind: 'session' }]);
    expect(anew.effects).toEqual([]);
    expect(next(anew.state, answer(1, [result(42), result(43)]), RULES).effects).toEqual([]);
    const again = next(anew.state, seq(43), RULES);
    expect(again.effects).toEqual([{ kind: 'read', ticket: 2, first: 42, count: 2, afterMs: 0 }]);
    expect(next(again.state, answer(1, [result(42), result(43)]), RULES).effects).toEqual([]);
  });

  test.each([
    ['counts lower', 1000, 3, 'went-back'],
    ['counts one lower', 1000, 999, 'went-back'],
    ['counts lower by almost half of all numbers', UINT32 / 2 + 5, 6, 'went-back'],
    ['went back over the wrap', 5, UINT32 - 5, 'went-back'],
    ['counts far higher', 1000, 1001 + FAR_AHEAD, 'jumped-ahead'],
  ] as const)('one that %s lives anew: nothing of before is read', (_what, from, to, why) => {
    const anew = told([seq(from), seq(to)]);
    expect(anew.effects).toEqual([{ kind: 'begun', seq: to, why }]);
    expect(next(anew.state, seq(after(to, 1)), RULES).effects).toMatchObject([{ kind: 'read', count: 1 }]);
  });

  test('what was asked of the life before does not count', () => {
    const anew = told([seq(41), seq(43), seq(2)]);
    expect(next(anew.state, answer(1, [result(42), result(43)]), RULES)).toEqual({
      state: anew.state,
      effects: [],
    });
  });

  test('one that counts as far as it can have counted is the same', () => {
    expect(told([seq(1000), seq(1000 + FAR_AHEAD)]).effects).toMatchObject([
      { kind: 'missed', fromSeq: 1001, count: FAR_AHEAD - RULES.size, why: 'overwritten' },
      { kind: 'read', first: 1001 + FAR_AHEAD - RULES.size },
    ]);
  });
});

/** A station with its ring, and the line to it, as they behave. */
type Happening =
  | { readonly kind: 'produce'; readonly count: number }
  | { readonly kind: 'tell' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'cut' };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('produce' as const), count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'tell' as const }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'answer' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'fail' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cut' as const }) },
);

/** A station, the line to it, and what it finds wrong with what is made of its results. */
class World {
  readonly wrong: string[] = [];
  /** The number that is given next. */
  expected: number;
  made: number;
  #state = NO_RESULTS;
  #request: Extract<RingEffect, { kind: 'read' }> | null = null;
  readonly #ring = new Map<number, number>();
  readonly #rules: RingRules;

  constructor(start: number, rules: RingRules) {
    this.made = start;
    this.expected = after(start, 1);
    this.#rules = rules;
    this.#take(seq(start));
  }

  happen(one: Happening): void {
    switch (one.kind) {
      case 'produce':
        for (let count = 0; count < one.count; count += 1) {
          this.made = after(this.made, 1);
          this.#ring.set(placeOf(this.made, this.#rules.size), this.made);
        }
        break;
      case 'tell':
        this.#take(seq(this.made));
        break;
      case 'answer':
        this.#answer();
        break;
      case 'fail':
        this.#take({ kind: 'failed', ticket: this.#request?.ticket ?? 0 });
        break;
      case 'cut':
        this.#request = null;
        this.#take({ kind: 'session' });
        this.#take(seq(this.made));
    }
  }

  /** Everything quietens down. */
  settle(): void {
    this.#take(seq(this.made));
    for (let replies = 0; this.#request !== null && replies <= this.#rules.size; replies += 1) this.#answer();
    this.#check('nothing is under way at the end', this.#request === null);
    this.#check('everything was given', this.expected === after(this.made, 1));
  }

  #answer(): void {
    if (this.#request === null) return;
    const { ticket, first, count } = this.#request;
    this.#request = null;
    const places = Array.from({ length: count }, (_, index): RingPlace => {
      const own = this.#ring.get(placeOf(after(first, index), this.#rules.size));
      return own === undefined ? { kind: 'unreadable', seq: 0 } : result(own);
    });
    this.#take(answer(ticket, places, this.made));
  }

  #take(event: RingEvent): void {
    if (event.kind === 'failed') this.#request = null;
    const step = next(this.#state, event, this.#rules);
    this.#state = step.state;
    for (const effect of step.effects) this.#carryOut(effect);
  }

  #carryOut(effect: RingEffect): void {
    switch (effect.kind) {
      case 'begun':
        this.#check('it begins once', effect.why === 'first' && effect.seq === this.made);
        break;
      case 'read':
        this.#check('one request at a time', this.#request === null);
        this.#check('no more than allowed', effect.count <= this.#rules.perRead);
        this.#check('nothing that is not made yet', distance(effect.first, this.made) < effect.count + 1e6);
        this.#request = effect;
        break;
      case 'spectra':
        for (const one of effect.reads) {
          const values = [...one.values];
          this.#check('in order, whole', one.seq === this.expected && values[0] === Math.fround(one.seq));
          this.expected = after(this.expected, 1);
        }
        break;
      case 'missed':
        this.#check('missed in order', effect.fromSeq === this.expected && effect.why === 'overwritten');
        for (let missed = 0; missed < effect.count; missed += 1) this.#miss();
    }
  }

  /** Where the numbers wrap in the middle of a ring, a place may hold its result for longer. */
  #miss(): void {
    const { size } = this.#rules;
    const isThere = this.#ring.get(placeOf(this.expected, size)) === this.expected;
    this.#check('only what is not there is missed', !isThere || UINT32 % size !== 0);
    this.expected = after(this.expected, 1);
  }

  #check(promise: string, isKept: boolean): void {
    if (!isKept) this.wrong.push(`${promise}, at ${this.expected}`);
  }
}

test('whatever happens, each result is given exactly once, in order, as the station made it, or told as missed', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 200 }),
      fc.oneof(fc.nat(1000), fc.integer({ min: UINT32 - 60, max: UINT32 - 1 })),
      fc.constantFrom(2, 4, 8, 16, 10),
      fc.integer({ min: 1, max: 5 }),
      (happenings, start, size, perRead) => {
        const world = new World(start, { size, perRead });
        for (const one of happenings) world.happen(one);
        world.settle();
        expect(world.wrong).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});
