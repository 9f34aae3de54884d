import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALM_MS, nextSteady, startSteady, type SteadyState } from './line-events-steady.ts';

const HOLD = 2000;
const TOLD_MAX = 6;

/** Feeds one value a second and tells what was told, with the second from which it held. */
function fed(values: readonly (string | null)[], start: SteadyState = startSteady('online'), everyMs = 1000) {
  const told: (readonly [string, number])[] = [];
  let state = start;
  for (const [index, value] of values.entries()) {
    const at = { wallMs: 5_000_000 + index * everyMs, monotonicMs: index * everyMs };
    const step = nextSteady(state, value, { holdMs: HOLD, toldMax: TOLD_MAX }, at);
    state = step.state;
    if (step.tell !== null) told.push([step.tell.value, step.tell.since.monotonicMs]);
  }
  return { told, state };
}

describe('a state that changes', () => {
  it('is told once it has held, dated from when it began', () => {
    expect(fed(['online', 'offline', 'offline', 'offline', 'offline']).told).toEqual([['offline', 1000]]);
  });

  it('is not told when it did not last, or when nothing is known', () => {
    expect(fed(['offline', 'offline', 'online', 'offline', 'online', null, null, null]).told).toEqual([]);
    expect(fed(['offline', null, null, 'offline']).told).toEqual([['offline', 0]]);
  });

  it('is told after a restart only when it differs from what was told before it', () => {
    expect(fed(['online', 'online', 'online'], startSteady('online')).told).toEqual([]);
    expect(fed(['online', 'online', 'online'], startSteady(null)).told).toEqual([['online', 0]]);
  });

  it('that flaps is told a few times, then not until it holds, and then again', () => {
    const flapping = Array.from({ length: 600 }, (_, second) =>
      Math.floor(second / 3) % 2 ? 'online' : 'offline',
    );
    const { told, state } = fed(flapping);
    expect([told.length, state.flaps]).toEqual([TOLD_MAX, true]);
    const holds = Array.from({ length: CALM_MS / 1000 + 1 }, () => 'offline');
    const last = fed([...flapping, 'online', ...holds]).told.at(-1);
    expect(last).toEqual(['offline', 601_000]);
  });

  it('never is told more often than its bound, and what is told last is what held', () => {
    const values = fc.array(fc.constantFrom('online', 'offline', null), { maxLength: 300 });
    fc.assert(
      fc.property(values, (list) => {
        const calm = Array.from({ length: CALM_MS / 1000 + 1 }, () => 'offline');
        const { told, state } = fed([...list, ...calm]);
        expect(state.told).toBe('offline');
        for (const [, sinceMs] of told) {
          const near = told.filter(([, other]) => Math.abs(other - sinceMs) < 20_000);
          expect(near.length).toBeLessThanOrEqual(TOLD_MAX + 1);
        }
      }),
    );
  });
});
