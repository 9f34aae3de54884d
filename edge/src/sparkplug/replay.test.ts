import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpoolBatch } from '../ports/spool.ts';
import { HandClock, numbers, TestSite } from '../spool/test-spool.ts';
import { Replay } from './replay.ts';
import { fullBucket, refill, spend } from './token-bucket.ts';

const DOUBT_MS = 10_000;

function valuesOf(batches: readonly SpoolBatch[]): readonly unknown[] {
  return batches.flatMap(({ samples }) => samples.map(({ value }) => value));
}

function round(replay: Replay, devices: readonly string[] = ['scale']): readonly unknown[] {
  const batches = replay.due(new Set(devices));
  for (const batch of batches) replay.sent(batch);
  return valuesOf(batches);
}

describe('a rate', () => {
  it('is held on average, whatever is spent at once', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 10_000 }), (turns, perSecond) => {
        const rate = { perSecond, burst: Math.max(1, perSecond / 5) };
        let [atMs, spent] = [0, 0];
        let bucket = fullBucket(rate, atMs);
        for (const [passMs, count] of turns) {
          atMs += passMs;
          bucket = refill(bucket, rate, atMs);
          if (bucket.tokens <= 0) continue;
          bucket = spend(bucket, count);
          spent += count;
        }
        // One batch may go past it, and is paid back.
        expect(spent).toBeLessThanOrEqual(rate.burst + (perSecond * atMs) / 1000 + 500 + 1e-6);
      }),
    );
  });

  it('is not filled by a clock that stands still or goes back', () => {
    const rate = { perSecond: 100, burst: 10 };
    const empty = spend(fullBucket(rate, 1000), 10);
    expect(refill(empty, rate, 500).tokens).toBe(0);
    expect(refill(empty, rate, 1050).tokens).toBe(5);
  });
});

describe('samples that are sent again', () => {
  it('go no faster than they may, in order', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('scale', site.samples(0, 10_000));
    spool.flush();
    const replay = new Replay({ spool, clock: site.clock, perSecond: 2000, doubtMs: DOUBT_MS });
    const sent: unknown[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      sent.push(...round(replay));
      site.clock.advance(100);
      expect(sent.length).toBeLessThanOrEqual(400 + 500 + turn * 200);
    }
    expect(sent.length).toBeGreaterThan(5500);
    expect(sent).toEqual(numbers(0, sent.length));
    spool.close();
  });

  it('stay in the spool until they are past doubt, and are sent once more when the link is lost before', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('scale', site.samples(0, 10));
    spool.flush();
    const replay = new Replay({ spool, clock: site.clock, perSecond: 1e9, doubtMs: DOUBT_MS });
    expect([round(replay), round(replay), replay.inFlight]).toEqual([numbers(0, 10), [], 10]);
    site.clock.advance(DOUBT_MS);
    replay.settle();
    expect(spool.health.samples).toBe(10);
    replay.lost();
    expect([replay.inFlight, round(replay)]).toEqual([0, numbers(0, 10)]);
    site.clock.advance(DOUBT_MS + 1000);
    replay.settle();
    expect([spool.health.samples, replay.inFlight]).toEqual([0, 0]);
    spool.close();
  });

  it('of a device that is not born wait, and hold up no other', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('away', site.samples(0, 5));
    spool.add('scale', site.samples(5, 5));
    spool.flush();
    const replay = new Replay({ spool, clock: site.clock, perSecond: 1e9, doubtMs: DOUBT_MS });
    expect(round(replay)).toEqual(numbers(5, 5));
    expect(round(replay, ['away', 'scale'])).toEqual(numbers(0, 5));
    spool.close();
  });

  it('come from a clock that is not the wall clock', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('scale', site.samples(0, 5));
    const clock = new HandClock();
    const replay = new Replay({ spool, clock, perSecond: 1e9, doubtMs: DOUBT_MS });
    round(replay);
    clock.stepWall(86_400_000);
    replay.settle();
    expect(spool.health.samples).toBe(5);
    spool.close();
  });
});
