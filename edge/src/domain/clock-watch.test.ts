import { CLOCK_OFFSET_MAX_MS } from '@trame/protocol/ledger-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BEHIND_MS,
  CHECKED_MS,
  compareClock,
  confirmClock,
  eventClock,
  lookAtClock,
  noteRecorded,
  startClock,
  STEP_MS,
  type ClockState,
} from './clock-watch.ts';

const NOW = 1_770_000_000_000;
const at = (wallMs: number, monotonicMs: number) => ({ wallMs, monotonicMs });

/** What is told of a clock that is so far off. */
function off(offsetMs: number) {
  return eventClock(compareClock(startClock(at(NOW, 1000), 0), NOW + offsetMs, 1000), 1000);
}

describe('the clock of an edge', () => {
  it('is unchecked until a server said its time, and again a quarter of an hour after the last one', () => {
    const start = startClock(at(NOW, 1000), 0);
    expect(eventClock(start, 1000)).toEqual({ state: 'unchecked', offsetMs: null });
    const compared = compareClock(start, NOW + 500 + 4000, 1500);
    expect(eventClock(compared, 1600)).toEqual({ state: 'checked', offsetMs: 4000 });
    expect(eventClock(compared, 1500 + CHECKED_MS)).toEqual({ state: 'checked', offsetMs: 4000 });
    expect(eventClock(compared, 1501 + CHECKED_MS)).toEqual({ state: 'unchecked', offsetMs: 4000 });
  });

  it('takes the median of the last comparisons, so that one late message changes nothing', () => {
    const times = [3000, 3010, -50_000, 2990, 3005];
    const state = times.reduce(
      (all, offset) => compareClock(all, NOW + offset, 1000),
      startClock(at(NOW, 1000), 0),
    );
    expect(eventClock(state, 1000).offsetMs).toBe(3000);
    const later = [0, 0, 0].reduce((all, offset) => compareClock(all, NOW + offset, 1000), state);
    expect(eventClock(later, 1000).offsetMs).toBe(0);
  });

  it('does not believe a server whose clock was never set', () => {
    const state = compareClock(startClock(at(NOW, 1000), 0), 5000, 1000);
    expect(eventClock(state, 1000)).toEqual({ state: 'unchecked', offsetMs: null });
  });

  it('that is off by more than a year is not set right by it: nobody knows when that was', () => {
    expect(off(CLOCK_OFFSET_MAX_MS)).toEqual({ state: 'checked', offsetMs: CLOCK_OFFSET_MAX_MS });
    expect(off(CLOCK_OFFSET_MAX_MS + 1)).toEqual({ state: 'unchecked', offsetMs: null });
  });

  it('that jumps is told with how far, and what was learnt of the server moves along', () => {
    const compared = compareClock(startClock(at(NOW, 1000), 0), NOW, 1000);
    const calm = lookAtClock(compared, at(NOW + 1000 + STEP_MS, 2000));
    expect(calm.event).toBeNull();
    const forward = lookAtClock(compared, at(NOW + 61_000, 2000));
    expect(forward.event).toMatchObject({
      type: 'clock.stepped',
      occurredAtMs: NOW + 61_000,
      payload: { byMs: 60_000 },
    });
    expect(eventClock(forward.state, 2000).offsetMs).toBe(-60_000);
    const back = lookAtClock(forward.state, at(NOW + 2000, 3000));
    expect([back.event?.payload, eventClock(back.state, 3000).offsetMs]).toEqual([{ byMs: -60_000 }, 0]);
  });

  it('that drifts slowly does not jump, however far it comes', () => {
    let state: ClockState = startClock(at(NOW, 0), 0);
    for (let second = 1; second <= 1000; second += 1) {
      const step = lookAtClock(state, at(NOW + second * 1100, second * 1000));
      expect(step.event).toBeNull();
      state = step.state;
    }
  });

  it('tells no jump to a time at which it cannot be right', () => {
    const step = lookAtClock(startClock(at(NOW, 1000), 0), at(60_000, 2000));
    expect(step.event).toBeNull();
  });

  it('is behind when it reads earlier than an event, until it has caught up', () => {
    const recorded = noteRecorded(startClock(at(NOW, 0), 0), NOW);
    const back = lookAtClock(recorded, at(NOW - BEHIND_MS - 1, 10)).state;
    expect(eventClock(back, 10).state).toBe('behind');
    const still = lookAtClock(noteRecorded(back, NOW - 100_000), at(NOW - 3000, 20)).state;
    expect(eventClock(still, 20).state).toBe('behind');
    expect(eventClock(lookAtClock(still, at(NOW - BEHIND_MS, 30)).state, 30).state).toBe('unchecked');
  });

  it('is behind from the start when it stood still while the edge was off', () => {
    expect(eventClock(startClock(at(NOW, 0), NOW + 3_600_000), 0).state).toBe('behind');
    expect(eventClock(startClock(at(NOW, 0), NOW + 1000), 0).state).toBe('unchecked');
  });

  it('is right again when a person says so, and behind again only when it goes back once more', () => {
    const behind = startClock(at(NOW, 0), NOW + 3_600_000);
    const confirmed = lookAtClock(confirmClock(behind, NOW), at(NOW + 1000, 1000)).state;
    expect(eventClock(confirmed, 1000).state).toBe('unchecked');
    const later = noteRecorded(confirmed, NOW + 1000);
    expect(eventClock(lookAtClock(later, at(NOW - 5000, 2000)).state, 2000).state).toBe('behind');
  });

  it('sums up every jump it tells to what the clock did', () => {
    const steps = fc.array(fc.integer({ min: -10_000_000, max: 10_000_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (jumps) => {
        let state = startClock(at(NOW, 0), 0);
        let wallMs = NOW;
        let told = 0;
        let small = 0;
        for (const [index, jump] of jumps.entries()) {
          wallMs += 1000 + jump;
          const step = lookAtClock(state, at(wallMs, (index + 1) * 1000));
          state = step.state;
          if (step.event === null) small += jump;
          else told += Number(step.event.payload['byMs']);
        }
        expect(told + small).toBe(wallMs - NOW - jumps.length * 1000);
      }),
    );
  });
});
