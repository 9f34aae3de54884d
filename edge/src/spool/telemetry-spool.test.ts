import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GAP_GATHER_MS, GAP_RETELL_MS } from './gap-book.ts';
import { CALM_AFTER_MS } from './risk-mark.ts';
import { declared, drain, numbers, START_MS, TestSite } from './test-spool.ts';

const SMALL = { maxBytes: 256 * 1024 };

describe('samples that wait', () => {
  it('come back in order, after the edge was stopped and started as well', () => {
    using site = new TestSite();
    const first = site.open();
    first.add('scale', site.samples(0, 1200));
    site.tick(first);
    first.add('scale', site.samples(1200, 3));
    expect(first.health).toMatchObject({ state: 'ok', samples: 1203, oldestMs: START_MS, dropped: 0 });
    first.close();
    const second = site.open();
    expect(second.health.samples).toBe(1203);
    expect(drain(second)).toEqual(numbers(0, 1203));
    expect(second.health).toMatchObject({ samples: 0, oldestMs: null });
    second.close();
    expect(site.told).toEqual([]);
  });

  it('are given of the devices that are asked for, past the batch that was taken', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('a', site.samples(1));
    spool.add('b', site.samples(2));
    site.tick(spool);
    spool.add('a', site.samples(3));
    site.tick(spool);
    const values = (after: readonly (readonly [string, number])[], max = 100) =>
      spool.peek(new Map(after), max).map(({ samples }) => samples[0]?.value);
    expect(
      values([
        ['a', 0],
        ['b', 0],
      ]),
    ).toEqual([1, 2, 3]);
    expect(
      values(
        [
          ['a', 0],
          ['b', 0],
        ],
        2,
      ),
    ).toEqual([1, 2]);
    expect(values([['b', 0]])).toEqual([2]);
    const [taken] = spool.peek(new Map([['a', 0]]), 1);
    expect(values([['a', taken?.id ?? 0]])).toEqual([3]);
    expect(values([['c', 0]])).toEqual([]);
    spool.close();
  });
});

describe('samples that were sent', () => {
  it('wait again when the link is lost, before what came after them, unless they are past doubt', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.sent('scale', site.samples(1));
    site.tick(spool);
    spool.sent('scale', site.samples(2));
    spool.add('scale', site.samples(3));
    site.tick(spool);
    spool.sent('scale', site.samples(4));
    expect(spool.health.samples).toBe(1);
    spool.confirm(1);
    spool.lose();
    expect(drain(spool)).toEqual([1, 2, 3, 4]);
    spool.sent('scale', site.samples(5));
    site.tick(spool);
    spool.sent('scale', site.samples(6));
    spool.confirm(site.clock.monotonicMs() + 1);
    spool.lose();
    expect(drain(spool)).toEqual([6]);
    spool.close();
  });

  it('and are in doubt when the edge stops are sent again by the next one, and no gap is told', () => {
    using site = new TestSite();
    const first = site.open();
    first.sent('scale', site.samples(7));
    first.close();
    const second = site.open();
    site.tick(second, GAP_GATHER_MS);
    expect([drain(second), site.told]).toEqual([[7], []]);
    second.close();
  });
});

describe('samples of one device', () => {
  it('keep their order when many wait that were taken after one that was sent', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.sent('scale', site.samples(0, 3));
    spool.add('scale', site.samples(3, 700));
    spool.sent('scale', site.samples(703, 2));
    spool.lose();
    expect(drain(spool)).toEqual(numbers(0, 705));
    spool.close();
  });
});

describe('a spool without room', () => {
  it('gives up its oldest, tells exactly how many of which time, and never grows past its bound', () => {
    using site = new TestSite();
    const spool = site.open(SMALL);
    const total = 60_000;
    for (let first = 0; first < total; first += 500) {
      spool.add('scale', site.samples(first, 500));
      site.tick(spool);
      expect(statSync(site.file).size).toBeLessThanOrEqual(SMALL.maxBytes * 1.2);
    }
    site.tick(spool, 2 * GAP_GATHER_MS);
    const left = drain(spool);
    const lost = declared(site.told);
    expect(lost + left.length).toBe(total);
    expect(left).toEqual(numbers(lost, total - lost));
    expect(spool.health).toMatchObject({ dropped: lost, state: 'ok' });
    expect(new Set(site.told.map(({ reason }) => reason))).toEqual(new Set(['spool-full']));
    expect(site.told.at(0)?.from).toBe(START_MS);
    // A second for each 500 samples.
    expect(site.told.at(-1)?.to).toBe(START_MS + (lost / 500 - 1) * 1000);
    // At most one in the time in which losses gather.
    expect(site.told.length).toBeLessThanOrEqual(total / 500 / (GAP_GATHER_MS / 1000) + 2);
    spool.close();
  });

  it('gives up what is too old', () => {
    using site = new TestSite();
    const spool = site.open({ maxAgeMs: 60_000 });
    spool.add('scale', site.samples(0, 10));
    site.tick(spool, 50_000);
    spool.add('scale', site.samples(10, 10));
    site.tick(spool, 20_000);
    site.tick(spool, GAP_GATHER_MS);
    expect(drain(spool)).toEqual(numbers(10, 10));
    expect(site.told).toEqual([{ from: START_MS, to: START_MS, samples: 10, reason: 'too-old' }]);
    spool.close();
  });

  it('gives its room back to the disk once it is drained', () => {
    using site = new TestSite();
    const spool = site.open();
    for (let first = 0; first < 600_000; first += 500) spool.add('scale', site.samples(first, 500));
    site.tick(spool);
    const full = statSync(site.file).size;
    expect(full).toBeGreaterThan(3_000_000);
    expect(drain(spool)).toHaveLength(600_000);
    for (let second = 0; second < 60; second += 1) {
      site.tick(spool);
      spool.tidy();
    }
    expect(statSync(site.file).size).toBeLessThan(1_300_000);
    spool.close();
  });
});

describe('a spool on a disk whose rest is kept for the ledger', () => {
  it('keeps what comes in memory, says why, and writes it when there is room again', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.add('scale', site.samples(0, 10));
    site.tick(spool);
    site.freeBytes = 10;
    spool.add('scale', site.samples(10, 10));
    site.tick(spool);
    expect(spool.health).toMatchObject({ state: 'not-stored', samples: 20 });
    expect(spool.health.reason).toContain('kept for the ledger');
    const batches = spool.peek(new Map([['scale', 0]]), 1000);
    expect(batches.flatMap(({ samples }) => samples.map(({ value }) => value))).toEqual(numbers(0, 20));
    site.freeBytes = 1_000_000;
    site.tick(spool);
    expect(spool.health).toMatchObject({ state: 'ok', reason: null, samples: 20 });
    spool.close();
    const again = site.open();
    expect(drain(again)).toEqual(numbers(0, 20));
    again.close();
  });

  it('gives up the oldest in memory past its bound, and tells them', () => {
    using site = new TestSite();
    site.freeBytes = 10;
    const spool = site.open();
    const text = 'x'.repeat(60_000);
    for (let index = 0; index < 300; index += 1) {
      const [sample] = site.samples(index);
      if (sample !== undefined) spool.add('scale', [{ ...sample, value: `${index} ${text}` }]);
      site.tick(spool);
    }
    site.tick(spool, 2 * GAP_GATHER_MS);
    const { samples } = spool.health;
    expect(samples).toBeLessThan(200);
    expect(declared(site.told) + samples).toBe(300);
    expect(new Set(site.told.map(({ reason }) => reason))).toEqual(new Set(['not-stored']));
    spool.close();
  });
});

describe('losses', () => {
  it('are told again until they are recorded, by the next run too, always with one key', () => {
    using site = new TestSite();
    const keys: string[] = [];
    const onGap = (_: object, key: string): void => void keys.push(key);
    const first = site.open({ maxAgeMs: 1000 }, { onGap });
    first.add('scale', site.samples(0, 5));
    site.tick(first);
    site.tick(first, 5000);
    site.tick(first, GAP_GATHER_MS);
    site.tick(first, GAP_RETELL_MS);
    expect(keys).toHaveLength(2);
    first.close();
    const second = site.open({ maxAgeMs: 1000 }, { onGap });
    second.flush();
    expect(keys).toHaveLength(4);
    second.close();
    expect(new Set(keys).size).toBe(1);
    const count = keys.length;
    const third = site.open({ maxAgeMs: 1000 }, { onGap, isRecorded: (key) => key === keys[0] });
    site.tick(third, GAP_RETELL_MS);
    third.close();
    expect(keys).toHaveLength(count);
  });
});

describe('an edge that is cut off', () => {
  it('declares what it had only in memory, from the last time known to be safe', () => {
    using site = new TestSite();
    const cut = site.open();
    cut.sent('scale', site.samples(1));
    site.tick(cut, 20_000);
    cut.sent('scale', site.samples(2));
    cut.confirm(site.clock.monotonicMs() + 1);
    const safeMs = site.clock.nowMs();
    site.tick(cut, 20_000);
    site.clock.advance(60_000);
    // The file as it is when the process is killed: nothing is closed.
    cut.abandon();
    const next = site.open();
    next.flush();
    expect(site.told).toEqual([
      { from: safeMs, to: site.clock.nowMs(), samples: null, reason: 'edge-cut-off' },
    ]);
    next.close();
  });

  it('declares nothing when nothing was at risk', () => {
    using site = new TestSite();
    const cut = site.open();
    cut.sent('scale', site.samples(1));
    site.tick(cut);
    cut.confirm(site.clock.monotonicMs() + 1);
    site.tick(cut, CALM_AFTER_MS);
    site.tick(cut, CALM_AFTER_MS);
    cut.abandon();
    const next = site.open();
    next.flush();
    next.close();
    expect(site.told).toEqual([]);
  });

  it('declares what a full disk kept in memory, however long ago it was taken', () => {
    using site = new TestSite();
    const cut = site.open();
    site.freeBytes = 10;
    cut.add('scale', site.samples(1));
    for (let round = 0; round < 10; round += 1) site.tick(cut, 20_000);
    cut.abandon();
    const next = site.open();
    next.flush();
    expect(site.told).toMatchObject([{ from: START_MS, reason: 'edge-cut-off' }]);
    next.close();
  });

  it('declares what it cannot date by a clock that was set back', () => {
    using site = new TestSite();
    const cut = site.open();
    cut.sent('scale', site.samples(1));
    site.tick(cut, 15_000);
    cut.sent('scale', site.samples(2));
    const lastMs = site.clock.nowMs();
    cut.abandon();
    site.clock.stepWall(-86_400_000);
    const next = site.open();
    next.flush();
    const [gap] = site.told;
    expect(gap).toMatchObject({ from: START_MS, reason: 'edge-cut-off' });
    expect(gap?.to).toBeGreaterThanOrEqual(lastMs);
    next.close();
  });
});
