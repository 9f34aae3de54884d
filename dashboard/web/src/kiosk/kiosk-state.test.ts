import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chosenOf,
  FLASH_MS,
  nextKiosk,
  START,
  type KioskEffect,
  type KioskEvent,
  type KioskSite,
  type KioskState,
} from './kiosk-state.ts';
import type { ScaleReading } from './scale-reading.ts';
import { STILL_MS, UNSTABLE_LIMIT_MS } from './scale-phase.ts';

const SITE: KioskSite = {
  outlets: [
    { id: 'creme', packagingGrams: 2_000, usualGrams: { min: 80_000, max: 300_000 } },
    { id: 'csr', packagingGrams: 0, usualGrams: null },
  ],
  intervalGrams: 500,
};
const CREME: KioskEvent = { type: 'choose', choice: { kind: 'outlet', outlet: 'creme' } };
const validate = (nowMs = 0): KioskEvent => ({ type: 'validate', nowMs });
const stable = (grams: number): ScaleReading => ({ kind: 'value', grams, stable: true });
const moving = (grams: number): ScaleReading => ({ kind: 'value', grams, stable: false });
const scale = (reading: ScaleReading, nowMs = 0): KioskEvent => ({ type: 'scale', reading, nowMs });
const keys = (text: string): KioskEvent[] =>
  text.split('').map((key) => ({ type: 'key', key: key as '1' }) as const);

/** Plays events one after the other. */
function play(...events: readonly KioskEvent[]): { state: KioskState; effects: KioskEffect[] } {
  let state = START;
  const effects: KioskEffect[] = [];
  for (const event of events) {
    const step = nextKiosk(state, event, SITE);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

describe('two touches', () => {
  it('log the stable weight', () => {
    const { state, effects } = play(scale(stable(248_000)), CREME, validate());
    expect(effects).toEqual([
      {
        type: 'log',
        choice: { kind: 'outlet', outlet: 'creme' },
        weight: { how: 'live', grams: 248_000 },
        unusual: false,
      },
    ]);
    expect(state.choice).toBeNull();
  });

  it('in the other order, or with one of them missing, log nothing and say what is missing', () => {
    const { state, effects } = play(scale(stable(248_000)), validate());
    expect(effects).toEqual([]);
    expect(state.hint?.what).toBe('choose-outlet');
  });

  it('log nothing while the scale is empty or has no rest', () => {
    expect(play(scale(stable(200)), CREME, validate()).state.hint?.what).toBe('put-bale');
    expect(play(scale(moving(248_000)), CREME, validate()).state.hint?.what).toBe('wait-stable');
    expect(play(scale(stable(-3_000)), CREME, validate()).effects).toEqual([]);
  });

  it('do not log the same bale twice: it has to go off the scale first', () => {
    const twice = play(scale(stable(248_000)), CREME, validate(), CREME, validate());
    expect(twice.effects).toHaveLength(1);
    expect(twice.state.hint?.what).toBe('remove-bale');
    const nudged = [scale(moving(249_000)), scale(stable(248_500)), CREME, validate()];
    expect(play(scale(stable(248_000)), CREME, validate(), ...nudged).effects).toHaveLength(1);
    const changed = [scale(moving(90_000)), scale(stable(0)), scale(stable(248_000)), CREME, validate()];
    expect(play(scale(stable(248_000)), CREME, validate(), ...changed).effects).toHaveLength(2);
  });
});

const offer = (id: string | null, outlet: string | null = 'creme'): KioskEvent => ({
  type: 'offer',
  offer: id === null ? null : { id, outlet },
});
const CSR: KioskEvent = { type: 'choose', choice: { kind: 'outlet', outlet: 'csr' } };
const chosen = (...events: readonly KioskEvent[]) => chosenOf(play(...events).state, SITE);

describe('a bale that the press gave out', () => {
  it('stands chosen: VALIDER alone logs it, with the weight of the scale', () => {
    expect(chosen(offer('p1'))).toEqual({ kind: 'outlet', outlet: 'creme', proposal: 'p1' });
    const { effects } = play(scale(stable(248_000)), offer('p1'), validate());
    expect(effects).toMatchObject([
      { choice: { outlet: 'creme', proposal: 'p1' }, weight: { how: 'live', grams: 248_000 } },
    ]);
  });

  it('is not logged before its weight is stable, nor with that of the bale before it', () => {
    expect(play(scale(moving(248_000)), offer('p1'), validate()).effects).toEqual([]);
    const next = play(scale(stable(248_000)), offer('p1'), validate(), offer('p2', 'csr'), validate());
    expect(next.effects).toHaveLength(1);
    expect(next.state.hint?.what).toBe('remove-bale');
  });

  it('gives way to another outlet that was touched, before or after, and is not meant by it', () => {
    for (const touched of [
      [offer('p1'), CSR],
      [CSR, offer('p1')],
    ]) {
      const { effects } = play(scale(stable(248_000)), ...touched, validate());
      expect(effects[0]?.choice).toEqual({ kind: 'outlet', outlet: 'csr' });
    }
    const bale = { kind: 'bale', id: 'B7', number: 7, outlet: 'creme' } as const;
    expect(chosen(offer('p1'), { type: 'choose', choice: bale })).toEqual(bale);
  });

  it('is meant by its own outlet that was touched, and by any where the press does not say which', () => {
    expect(chosen(CREME, offer('p1'))).toMatchObject({ outlet: 'creme', proposal: 'p1' });
    expect(chosen(offer('p1', null))).toBeNull();
    expect(chosen(offer('p1', null), CSR)).toMatchObject({ outlet: 'csr', proposal: 'p1' });
  });

  it('of an outlet that is not open here stands nowhere', () => {
    expect(chosen(offer('p1', 'polymere'))).toBeNull();
    expect(chosen(offer('p1', 'polymere'), CREME)).toEqual({ kind: 'outlet', outlet: 'creme' });
  });

  it('that somebody else logged stands chosen no more; what was touched stays', () => {
    expect(chosen(offer('p1'), offer(null))).toBeNull();
    expect(chosen(offer('p1'), CREME, offer(null))).toEqual({ kind: 'outlet', outlet: 'creme' });
    expect(chosen(offer('p1'), offer('p2', 'csr'))).toMatchObject({ outlet: 'csr', proposal: 'p2' });
  });

  it('whose weight is typed stays the one that is meant, whatever the press gives out meanwhile', () => {
    const unlinked = scale({ kind: 'unlinked', why: 'no-link' });
    const typed = [unlinked, offer('p1'), validate(), offer('p2', 'csr'), offer(null), ...keys('248')];
    expect(play(...typed, validate()).effects).toMatchObject([
      { choice: { outlet: 'creme', proposal: 'p1' }, weight: { how: 'typed', grams: 248_000 } },
    ]);
  });

  it('of another outlet is asked about anew when its weight is unusual', () => {
    const asked = [scale(stable(20_000)), offer('p1'), validate()];
    expect(play(...asked).state.hint?.what).toBe('weigh-again');
    expect(play(...asked, offer('p2'), validate()).effects).toEqual([]);
    expect(play(...asked, validate()).effects).toMatchObject([{ unusual: true }]);
  });
});

describe('without a scale that helps', () => {
  it('no link: the keypad is there with the tile, empty, and the figure is a typed one', () => {
    const opened = play(scale({ kind: 'unlinked', why: 'no-link' }), CREME);
    expect(opened.state.keypad).toEqual({ reason: 'no-link', text: '' });
    const typed = play(scale({ kind: 'unlinked', why: 'no-link' }), CREME, ...keys('248'), validate());
    expect(typed.effects[0]?.weight).toEqual({ how: 'typed', grams: 248_000 });
    expect(play(scale({ kind: 'unlinked', why: 'no-link' }), CREME, validate()).state.hint?.what).toBe(
      'type-weight',
    );
  });

  it('no rest for 20 s: typing is offered, not before', () => {
    const events = [scale(moving(248_000), 0), CREME];
    expect(play(...events, validate(UNSTABLE_LIMIT_MS - 1)).state.keypad).toBeNull();
    expect(play(...events, validate(UNSTABLE_LIMIT_MS)).state.keypad?.reason).toBe('unstable');
  });

  it('no scale at all: the bale is counted and waits for its weight', () => {
    expect(play(CREME, validate()).effects[0]?.weight).toBeNull();
  });

  it('a bale that waits for its weight is not logged a second time without one', () => {
    const bale: KioskEvent = {
      type: 'choose',
      choice: { kind: 'bale', id: 'B7', number: 7, outlet: 'creme' },
    };
    expect(play(bale, validate()).effects).toEqual([]);
    expect(play(bale, validate()).state.keypad).not.toBeNull();
    expect(play(bale, { type: 'without-weight', nowMs: 0 }).effects).toEqual([]);
  });

  it('a scale that does not say whether it is stable is believed when its figure stands', () => {
    const figure: ScaleReading = { kind: 'value', grams: 248_000, stable: null };
    const events = [scale(figure, 0), scale(figure, STILL_MS - 1)];
    expect(play(...events).state.scale.kind).toBe('moving');
    expect(play(...events, scale(figure, STILL_MS)).state.scale.kind).toBe('stable');
  });
});

describe('a weight outside the usual range', () => {
  it('asks for another look, and the same weight again is taken and marked', () => {
    const once = play(scale(stable(20_000)), CREME, validate());
    expect(once.effects).toEqual([]);
    expect(once.state.hint?.what).toBe('weigh-again');
    const again = play(scale(stable(20_000)), CREME, validate(), validate());
    expect(again.effects).toMatchObject([{ unusual: true, weight: { grams: 20_000 } }]);
  });

  it('is no longer asked about when it is off the scale', () => {
    const gone = play(scale(stable(20_000)), CREME, validate(), scale(stable(0)));
    expect(gone.state).toMatchObject({ asked: null, hint: null });
    const other = [scale(moving(5_000)), scale(stable(20_000)), validate()];
    expect(play(scale(stable(20_000)), CREME, validate(), ...other).effects).toEqual([]);
  });

  it('is that of the net, at both ends', () => {
    expect(play(scale(stable(302_000)), CREME, validate()).effects[0]?.unusual).toBe(false);
    expect(play(scale(stable(302_500)), CREME, validate()).effects).toEqual([]);
    expect(play(scale(stable(82_000)), CREME, validate()).effects).toHaveLength(1);
    expect(play(scale(stable(81_500)), CREME, validate()).effects).toEqual([]);
  });

  it('that is corrected by another weight asks anew, or not at all', () => {
    const { effects } = play(
      scale({ kind: 'unlinked', why: 'no-link' }),
      CREME,
      ...keys('2480'),
      validate(),
      { type: 'key', key: 'back' },
      validate(),
    );
    expect(effects).toMatchObject([{ unusual: false, weight: { grams: 248_000 } }]);
  });
});

it('the confirmation goes by itself, and the next touch does not wait for it', () => {
  const flash = { kind: 'saved', outlet: 'creme', grams: 1, key: 'k', sinceMs: 100 } as const;
  const shown = play({ type: 'done', flash });
  expect(shown.state.flash).toEqual(flash);
  expect(nextKiosk(shown.state, { type: 'tick', nowMs: 99 + FLASH_MS }, SITE).state.flash).not.toBeNull();
  expect(nextKiosk(shown.state, { type: 'tick', nowMs: 100 + FLASH_MS }, SITE).state.flash).toBeNull();
  expect(nextKiosk(shown.state, CREME, SITE).state).toMatchObject({
    flash: null,
    choice: { outlet: 'creme' },
  });
});

/** Whether this weight may come of this touch. */
function mayLog(before: KioskState, event: KioskEvent, weight: KioskEffect['weight']): boolean {
  if (event.type !== 'validate' || chosenOf(before, SITE) === null) return false;
  if (weight === null) return before.scale.kind === 'none';
  if (weight.how === 'typed') return before.keypad !== null && before.keypad.text !== '';
  const { scale: shown } = before;
  return shown.kind === 'stable' && shown.grams === weight.grams && before.spent === null;
}

it('whatever is touched: a live weight that is logged is what the scale showed, stable, and a typed one was typed', () => {
  const reading: fc.Arbitrary<ScaleReading> = fc.oneof(
    fc.record({
      kind: fc.constant('value' as const),
      grams: fc.integer({ min: -10_000, max: 400_000 }),
      stable: fc.constantFrom(true, false),
    }),
    fc.constant({ kind: 'unlinked' as const, why: 'no-link' as const }),
    fc.constant({ kind: 'none' as const }),
  );
  const event: fc.Arbitrary<KioskEvent> = fc.oneof(
    fc.record({ type: fc.constant('scale' as const), reading, nowMs: fc.nat(100_000) }),
    fc.record({
      type: fc.constant('choose' as const),
      choice: fc.record({ kind: fc.constant('outlet' as const), outlet: fc.constantFrom('creme', 'csr') }),
    }),
    fc.record({
      type: fc.constant('offer' as const),
      offer: fc.option(
        fc.record({
          id: fc.constantFrom('p1', 'p2'),
          outlet: fc.constantFrom('creme', 'csr', 'polymere', null),
        }),
      ),
    }),
    fc.record({ type: fc.constant('validate' as const), nowMs: fc.nat(100_000) }),
    fc.record({
      type: fc.constant('key' as const),
      key: fc.constantFrom('1' as const, '9' as const, ',' as const, 'back' as const),
    }),
    fc.record({ type: fc.constant('keypad' as const), reason: fc.constant('by-hand' as const) }),
    fc.constant({ type: 'close' as const }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state = START;
      for (const one of events) {
        const before = state;
        const step = nextKiosk(state, one, SITE);
        state = step.state;
        expect(step.effects.filter(({ weight }) => !mayLog(before, one, weight))).toEqual([]);
      }
    }),
  );
});
