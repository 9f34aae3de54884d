import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drain, numbers, START_MS, TestSite } from './test-spool.ts';

/** Once, the disk does what it is asked and then says that it did not. */
function sayFailedAfterCommit(): void {
  let isFirst = true;
  const exec: (this: DatabaseSync, sql: string) => void = Reflect.get(DatabaseSync.prototype, 'exec');
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql: string) {
    exec.call(this, sql);
    if (sql !== 'COMMIT' || !isFirst) return;
    isFirst = false;
    throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
  });
}

describe('a commit that is told as failed, and was done', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('counts as done: nothing is spooled twice, and what it dropped is declared', () => {
    using site = new TestSite();
    const config = { maxBytes: 64 * 1024 };
    const spool = site.open(config);
    const ballast = 'x'.repeat(6_000);
    const weigh = (first: number): void => {
      const samples = site.samples(first).map((sample) => ({ ...sample, value: `${first} ${ballast}` }));
      spool.add('scale', samples);
      site.clock.advance(1000);
    };
    for (const number of numbers(0, 12)) {
      weigh(number);
      spool.flush();
    }
    for (const number of numbers(12, 6)) weigh(number);
    sayFailedAfterCommit();
    spool.close();
    vi.restoreAllMocks();

    const next = site.open(config);
    for (let second = 0; second < 40; second += 1) site.tick(next);
    const arrived = drain(next).map((value) => Number(String(value).split(' ')[0]));
    next.close();
    const missing = numbers(0, 18).filter((number) => !arrived.includes(number));
    const undeclared = missing.filter((number) => {
      const atMs = START_MS + number * 1000;
      return !site.told.some(({ from, to }) => from <= atMs && atMs <= to);
    });
    expect(missing.length).toBeGreaterThan(0);
    expect(undeclared).toEqual([]);
  });
});

describe('a clock that is set ahead just before the edge is cut off', () => {
  it('is inside the declared loss, though the clock was set back before the next start', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.sent('scale', site.samples(0));
    site.tick(spool);
    site.clock.stepWall(20 * 60_000);
    const ahead = site.clock.nowMs();
    spool.sent('scale', site.samples(1));
    spool.abandon();
    site.clock.stepWall(-25 * 60_000);

    const next = site.open();
    next.flush();
    next.close();
    const [gap] = site.told;
    expect(gap).toMatchObject({ reason: 'edge-cut-off', samples: null });
    expect(gap?.to).toBeGreaterThanOrEqual(ahead);
  });
});

describe('a clock that is set back while the disk refuses, and an end before it takes anything again', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('leaves nothing undeclared that was taken by the clock that was set back', () => {
    using site = new TestSite();
    const spool = site.open();
    spool.sent('scale', site.samples(0));
    site.tick(spool);
    vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(() => {
      throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    });
    site.clock.stepWall(-10 * 60_000);
    const setBack = site.clock.nowMs();
    spool.sent('scale', site.samples(1));
    site.clock.advance(1_000);
    spool.abandon();
    vi.restoreAllMocks();

    const next = site.open();
    next.flush();
    next.close();
    const [gap] = site.told;
    expect(gap).toMatchObject({ reason: 'edge-cut-off' });
    expect(gap?.from).toBeLessThanOrEqual(setBack);
  });
});
