import { systemClock } from '../system/system-clock.ts';
import type { Clock } from '../ports/clock.ts';

/** The machine's clock, whose wall time can be moved; durations and waits stay real. */
export function movableClock(startMs?: number): Clock & { moveTo(atMs: number): void } {
  let offsetMs = startMs === undefined ? 0 : startMs - systemClock.nowMs();
  return {
    nowMs: () => systemClock.nowMs() + offsetMs,
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    moveTo: (atMs) => {
      offsetMs = atMs - systemClock.nowMs();
    },
  };
}
