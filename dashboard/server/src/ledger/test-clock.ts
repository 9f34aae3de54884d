/** A clock that only moves when it is told to. */
import type { Clock } from '../ports/clock.ts';
import { TEST_NOW_MS } from './test-ledger.ts';

export function testClock(): Clock & { pass(ms: number): void } {
  let passedMs = 0;
  return {
    nowMs: () => TEST_NOW_MS + passedMs,
    monotonicMs: () => passedMs,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    pass: (ms) => {
      passedMs += ms;
    },
  };
}
