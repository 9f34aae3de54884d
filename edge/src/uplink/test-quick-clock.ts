/** A clock for what only waits: hours in minutes, on a real network. */
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/clock.ts';

/** @param times how many times faster than the machine's own; its wall clock stays right. */
export function quickClock(times: number): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
