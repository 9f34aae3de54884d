import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { SparingLog } from './sparing-log.ts';

class HandClock implements Clock {
  ms = 0;

  nowMs(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return this.ms;
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error('nothing here sleeps'));
  }
}

it('tells the same thing again only after its time, and other things at once', () => {
  const clock = new HandClock();
  const sparing = new SparingLog(clock, 1000);
  expect([sparing.isDue('a'), sparing.isDue('a'), sparing.isDue('b')]).toEqual([true, false, true]);
  clock.ms += 999;
  expect(sparing.isDue('a')).toBe(false);
  clock.ms += 1;
  expect([sparing.isDue('a'), sparing.isDue('a')]).toEqual([true, false]);
});

it('remembers a bounded number of things, the latest', () => {
  const sparing = new SparingLog(new HandClock(), 1000);
  for (let thing = 0; thing < 1000; thing += 1) expect(sparing.isDue(String(thing))).toBe(true);
  expect([sparing.isDue('999'), sparing.isDue('0')]).toEqual([false, true]);
});
