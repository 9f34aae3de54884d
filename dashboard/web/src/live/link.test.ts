import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDLE, nextLink, OPENING_LIMIT_MS, SILENCE_LIMIT_MS, type Link, type LinkEvent } from './link.ts';

/** Runs the machine; @returns the last state and every effect in order. */
function run(events: readonly LinkEvent[], from: Link = IDLE): { state: Link; effects: string[] } {
  let state = from;
  const effects: string[] = [];
  for (const event of events) {
    const step = nextLink(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

function tick(nowMs: number): LinkEvent {
  return { type: 'tick', nowMs, chance: 0 };
}

/** @returns ms until the next try, after so many. */
function delay(attempt: number, chance: number): number {
  const step = run([{ type: 'probed', answer: 'away', nowMs: 0, chance }], { phase: 'probing', attempt });
  return step.state.phase === 'waiting' ? step.state.retryAtMs : Number.NaN;
}

const live: Link = { phase: 'live', heardMs: 0 };

describe('the link to the live stream', () => {
  it('opens, and is live with the snapshot, not with a heartbeat', () => {
    expect(
      run([
        { type: 'start', nowMs: 0 },
        { type: 'heard', nowMs: 5 },
      ]).state.phase,
    ).toBe('opening');
    expect(
      run([
        { type: 'start', nowMs: 0 },
        { type: 'snapshot', nowMs: 5 },
      ]),
    ).toEqual({
      state: { phase: 'live', heardMs: 5 },
      effects: ['open'],
    });
  });

  it('gives up a stream that is silent longer than the limit, not before', () => {
    expect(run([tick(SILENCE_LIMIT_MS)], live).state).toBe(live);
    expect(run([tick(SILENCE_LIMIT_MS + 1)], live)).toMatchObject({
      state: { phase: 'waiting' },
      effects: ['close'],
    });
    const heard: LinkEvent = { type: 'heard', nowMs: 20_000 };
    expect(run([heard, tick(SILENCE_LIMIT_MS + 1)], live).state.phase).toBe('live');
  });

  it('gives up a stream that never brings its snapshot', () => {
    const events: LinkEvent[] = [
      { type: 'start', nowMs: 0 },
      { type: 'tick', nowMs: OPENING_LIMIT_MS + 1, chance: 0 },
    ];
    expect(run(events)).toMatchObject({
      state: { phase: 'waiting', attempt: 1 },
      effects: ['open', 'close'],
    });
  });

  it('asks for a new snapshot when a delta does not follow', () => {
    const step = run([{ type: 'outOfStep', nowMs: 0, chance: 0 }], live);
    expect(step).toMatchObject({ state: { phase: 'waiting' }, effects: ['close'] });
    expect(run([{ type: 'tick', nowMs: 1_000, chance: 0 }], step.state).effects).toEqual(['probe']);
  });

  it('opens again only after the server has said that it is there', () => {
    const waiting: Link = { phase: 'waiting', retryAtMs: 500, attempt: 1 };
    expect(run([{ type: 'tick', nowMs: 499, chance: 0 }], waiting).state).toBe(waiting);
    const probing = run([{ type: 'tick', nowMs: 500, chance: 0 }], waiting);
    expect(probing).toEqual({ state: { phase: 'probing', attempt: 1 }, effects: ['probe'] });
    const away = run([{ type: 'probed', answer: 'away', nowMs: 600, chance: 0 }], probing.state);
    expect(away).toMatchObject({ state: { phase: 'waiting', attempt: 2 }, effects: [] });
    const ready = run([{ type: 'probed', answer: 'ready', nowMs: 600, chance: 0 }], probing.state);
    expect(ready).toMatchObject({ state: { phase: 'opening' }, effects: ['open'] });
  });

  it('stops for good when the session is over', () => {
    const probing: Link = { phase: 'probing', attempt: 1 };
    const over = run([{ type: 'probed', answer: 'signedOut', nowMs: 0, chance: 0 }], probing);
    expect(over).toEqual({ state: { phase: 'signedOut' }, effects: [] });
    expect(run([{ type: 'tick', nowMs: 1e9, chance: 0 }], over.state).effects).toEqual([]);
  });

  it('waits longer after each failure, never over five seconds, and spreads by chance', () => {
    expect([0, 1, 2, 3, 50].map((attempt) => delay(attempt, 0))).toEqual([500, 1_000, 2_000, 2_500, 2_500]);
    expect(delay(0, 1)).toBe(1_000);
    expect(delay(50, 1)).toBe(5_000);
  });
});

describe('whatever happens', () => {
  it('the link holds at most one open stream', () => {
    const time = fc.nat(200_000);
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const event: fc.Arbitrary<LinkEvent> = fc.oneof(
      fc.record({ type: fc.constantFrom('start', 'heard', 'snapshot'), nowMs: time }),
      fc.record({ type: fc.constantFrom('failed', 'outOfStep', 'tick'), nowMs: time, chance }),
      fc.record({
        type: fc.constant('probed'),
        answer: fc.constantFrom('ready', 'away', 'signedOut'),
        nowMs: time,
        chance,
      }),
      fc.record({ type: fc.constant('stop') }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = IDLE;
        let open = 0;
        for (const one of events) {
          const step = nextLink(state, one);
          state = step.state;
          for (const effect of step.effects) {
            if (effect === 'open') open += 1;
            if (effect === 'close') open = 0;
          }
          expect(open).toBeLessThanOrEqual(1);
          expect(open === 1).toBe(state.phase === 'opening' || state.phase === 'live');
        }
      }),
    );
  });
});
