import { FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW, FLOOD_WINDOW_MS } from '@trame/protocol/alarms/alarm-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floodText, readFlood } from './alarm-mark.ts';
import { nextFlood, NO_FLOOD } from './flood.ts';

describe('a flood of alarms', () => {
  it('begins with the eleventh in ten minutes and ends below five', () => {
    let state = NO_FLOOD;
    const events: string[] = [];
    const pass = (raised: boolean, atMs: number): void => {
      const step = nextFlood(state, raised, atMs);
      state = step.state;
      if (step.event !== null) events.push(`${atMs / 1_000} s ${step.event.phase} ${step.event.alarms}`);
    };
    for (let second = 0; second < 12; second += 1) pass(true, second * 1_000);
    for (let second = 12; second < 700; second += 1) pass(false, second * 1_000);
    // Those of the seconds 8 to 11 are left: four.
    expect(events).toEqual(['10 s began 11', '607 s ended 12']);
  });

  it('is counted as a plain list of all times says, over restarts', () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 120_000 }), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        let state = NO_FLOOD;
        let nowMs = 0;
        let inFlood = false;
        const all: number[] = [];
        for (const [afterMs, raised, restarts] of steps) {
          nowMs += afterMs;
          if (raised) all.push(nowMs);
          const recent = all.filter((ms) => nowMs - ms < FLOOD_WINDOW_MS).length;
          const { event, ...next } = nextFlood(state, raised, nowMs);
          state = restarts ? readFlood(floodText(next.state)) : next.state;
          const expected: string | null =
            !inFlood && recent > FLOOD_BEGINS_ABOVE
              ? 'began'
              : inFlood && recent < FLOOD_ENDS_BELOW
                ? 'ended'
                : null;
          expect(event?.phase ?? null).toBe(expected);
          if (expected !== null) inFlood = expected === 'began';
        }
      }),
    );
  });

  it('ends though the clock was set back', () => {
    let state = NO_FLOOD;
    for (let times = 0; times < 11; times += 1) state = nextFlood(state, true, 10 * FLOOD_WINDOW_MS).state;
    expect(state.alarms).toBe(11);
    state = nextFlood(state, false, 0).state;
    expect(nextFlood(state, false, FLOOD_WINDOW_MS).event).toEqual({ phase: 'ended', alarms: 11 });
  });
});
