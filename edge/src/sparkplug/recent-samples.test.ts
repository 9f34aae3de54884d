import { bad, GOOD } from '@trame/protocol/quality';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../domain/tag-state.ts';
import { Backlog } from './backlog.ts';
import { RETRY_MAX_MS, retryDelayMs } from '../mqtt/backoff.ts';
import { RECENT_SAMPLES_MAX, RecentSamples } from './recent-samples.ts';

function sample(tag: string, value: number, over: Partial<Sample> = {}): Sample {
  return { tag, value, quality: GOOD, qualityChanged: false, timeMs: 0, ...over };
}

function values(samples: ReadonlyMap<string, readonly Sample[]>, device = 'a'): readonly unknown[] {
  return (samples.get(device) ?? []).map(({ value }) => value);
}

const every = () => true;

describe('samples sent lately', () => {
  it('are owed when the session is lost, with what came since, oldest first', () => {
    const recent = new RecentSamples(1000);
    recent.sent('a', [sample('x', 1)], 0);
    recent.sent('a', [sample('x', 2)], 600);
    recent.unsent('a', [sample('x', 3)], 1100);
    recent.sessionLost(1200);
    recent.unsent('a', [sample('x', 4)], 1300);
    expect(recent.owed).toBe(3);
    expect(values(recent.takeOwed(2, every))).toEqual([2, 3]);
    expect(values(recent.takeOwed(2, every))).toEqual([4]);
    expect([recent.owed, recent.sessionLost(9000)]).toEqual([0, 0]);
  });

  it('are bounded: the oldest goes, and what was owed is counted', () => {
    const recent = new RecentSamples(1e9);
    const many = Array.from({ length: RECENT_SAMPLES_MAX + 5 }, (_, value) => sample('x', value));
    expect(recent.unsent('a', many, 0)).toBe(5);
    recent.sent('b', many, 0);
    expect(recent.sessionLost(1)).toBe(RECENT_SAMPLES_MAX);
    expect(recent.owed).toBe(RECENT_SAMPLES_MAX);
    expect(values(recent.takeOwed(1, every))).toEqual([5]);
  });
});

describe('samples owed of several devices', () => {
  it('wait for their own device, in their order, whatever is taken of the others', () => {
    const recent = new RecentSamples(1000);
    recent.unsent('a', [sample('x', 1), sample('x', 2)], 0);
    recent.unsent('b', [sample('x', 3)], 1);
    recent.unsent('a', [sample('x', 4)], 2);
    expect(recent.takeOwed(9, () => false).size).toBe(0);
    const ofB = recent.takeOwed(9, (device) => device === 'b');
    expect([values(ofB, 'a'), values(ofB, 'b'), recent.owed]).toEqual([[], [3], 3]);
    recent.unsent('b', [sample('x', 5)], 3);
    expect(values(recent.takeOwed(2, (device) => device === 'a'))).toEqual([1, 2]);
    const rest = recent.takeOwed(9, every);
    expect([values(rest, 'a'), values(rest, 'b'), recent.owed]).toEqual([[4], [5], 0]);
  });

  it('keep the order of their times when a second session is lost before they could be told', () => {
    const recent = new RecentSamples(1000);
    recent.unsent('a', [sample('x', 1)], 0);
    recent.sent('a', [sample('x', 2)], 10);
    recent.sessionLost(20);
    recent.unsent('a', [sample('x', 3)], 30);
    expect(values(recent.takeOwed(9, every))).toEqual([1, 2, 3]);
  });

  it('of a device that stays away give way to the newer ones of all, and are counted', () => {
    const recent = new RecentSamples(1000);
    recent.unsent('away', [sample('x', 1), sample('x', 2)], 0);
    const many = Array.from({ length: RECENT_SAMPLES_MAX - 1 }, (_, value) => sample('x', value));
    expect(recent.unsent('a', many, 1)).toBe(1);
    expect(
      values(
        recent.takeOwed(9, (device) => device === 'away'),
        'away',
      ),
    ).toEqual([2]);
  });
});

describe('samples that wait for the socket', () => {
  it('are the latest of each tag, and a change of quality is never lost', () => {
    const backlog = new Backlog();
    const broken = sample('x', 2, { quality: bad('refused'), qualityChanged: true });
    expect(backlog.add('a', [sample('x', 1), sample('y', 1), broken, sample('x', 3)])).toBe(2);
    backlog.add('b', [sample('x', 9)]);
    expect(backlog.takeAll()).toEqual([
      { device: 'a', samples: [sample('x', 3, { qualityChanged: true }), sample('y', 1)] },
      { device: 'b', samples: [sample('x', 9)] },
    ]);
    expect(backlog.isEmpty).toBe(true);
  });

  it('are forgotten with the birth or death of their device', () => {
    const backlog = new Backlog();
    backlog.add('a', [sample('x', 1), sample('y', 1)]);
    backlog.add('b', [sample('x', 1)]);
    expect([backlog.forget('a'), backlog.forget('a'), backlog.clear(), backlog.isEmpty]).toEqual([
      2,
      0,
      1,
      true,
    ]);
  });
});

describe('the wait before a retry', () => {
  it('is at most half a second at first and five seconds ever after, and never nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delayMs = retryDelayMs(attempt, random);
          expect(delayMs).toBeGreaterThanOrEqual(250);
          expect(delayMs).toBeLessThanOrEqual(attempt === 0 ? 500 : RETRY_MAX_MS);
        },
      ),
    );
  });
});
