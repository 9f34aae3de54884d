import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import { systemClock } from '../system/clock.ts';
import { GAP_GATHER_MS } from './gap-book.ts';
import { REOPEN_MS } from './guarded-file.ts';
import { declared, drain, numbers, TestSite } from './test-spool.ts';

const CHILD = fileURLToPath(new URL('test-spool-child.ts', import.meta.url));

/** Lets a child fill a spool and kills it. @returns the last number that it said was stored, and when. */
async function killedWhileWriting(dir: string, after: number): Promise<readonly [number, number]> {
  const child = spawn(process.execPath, [CHILD, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last: readonly [number, number] = [-1, 0];
  for await (const line of createInterface(child.stdout)) {
    const [, stored, atMs] = line.split(' ').map(Number);
    last = [stored ?? -1, atMs ?? 0];
    if (last[0] >= after) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return last;
}

describe('a process that is killed in the middle of writing', () => {
  it('leaves every sample that it had written, and declares the time of those that it had not', async () => {
    using site = new TestSite();
    for (const after of [300, 1200]) {
      const [stored, atMs] = await killedWhileWriting(site.dir, after);
      const gaps: TelemetryGap[] = [];
      const spool = site.open(
        {},
        { clock: systemClock, onGap: (gap) => gaps.push(gap), isRecorded: () => true },
      );
      spool.flush();
      const values = drain(spool, ['waiting']);
      spool.close();
      // What was sent was in doubt, and in memory alone.
      const even = numbers(0, values.length).map((index) => 2 * index);
      expect(values).toEqual(even);
      expect(Number(values.at(-1))).toBeGreaterThanOrEqual(stored - 1);
      expect(gaps).toMatchObject([{ samples: null, reason: 'edge-cut-off' }]);
      const [gap] = gaps;
      expect(gap?.from).toBeLessThanOrEqual(atMs);
      expect(gap?.to).toBeGreaterThanOrEqual(atMs);
    }
  });
});

/** A disk of a few kilobytes: a tmpfs, which wants root. */
class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'trame-small-disk-'));

  constructor(kilobytes: number) {
    const mounted = spawnSync('/usr/bin/mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=${kilobytes}k`,
      'tmpfs',
      this.path,
    ]);
    if (mounted.status !== 0) throw new Error(`a tmpfs cannot be mounted: ${String(mounted.stderr)}`);
  }

  [Symbol.dispose](): void {
    spawnSync('/usr/bin/umount', [this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe('a disk that is full', () => {
  it('stops nothing: samples wait in memory, and are written when there is room again', () => {
    using disk = new SmallDisk(1024);
    using site = new TestSite(join(disk.path, 'edge'));
    const spool = site.open();
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(400 * 1024));
    let total = 0;
    while (spool.health.state === 'ok' && total < 500_000) {
      spool.add('scale', site.samples(total, 500));
      total += 500;
      site.tick(spool);
    }
    expect(spool.health).toMatchObject({ state: 'not-stored', samples: total });
    expect(spool.health.reason).toContain('the disk is full');
    spool.add('scale', site.samples(total, 500));
    total += 500;
    site.tick(spool);
    rmSync(ballast);
    site.tick(spool);
    expect(spool.health).toMatchObject({ state: 'ok', reason: null, samples: total });
    spool.close();
    const again = site.open();
    expect(drain(again)).toEqual(numbers(0, total));
    again.close();
    expect([site.told, site.errors.length]).toEqual([[], 1]);
  });

  it('gives up the oldest in memory when it stays full, and declares exactly those', () => {
    using disk = new SmallDisk(512);
    using site = new TestSite(join(disk.path, 'edge'));
    const spool = site.open();
    const total = 1_500_000;
    for (let first = 0; first < total; first += 5000) {
      spool.add('scale', site.samples(first, 5000));
      site.tick(spool);
    }
    expect(spool.health.state).toBe('not-stored');
    site.tick(spool, 2 * GAP_GATHER_MS);
    site.tick(spool, 2 * GAP_GATHER_MS);
    const { samples, dropped } = spool.health;
    expect(dropped).toBeGreaterThan(0);
    expect([declared(site.told), samples + dropped]).toEqual([dropped, total]);
    spool.abandon();
  });
});

describe('a file that is not what it was', () => {
  it('never stops the edge: what can be read is sent, what cannot is declared, and nothing wrong comes out', () => {
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(damage, ({ at, bytes, cut }) => {
        using site = new TestSite();
        const before = site.open();
        const total = 3000;
        for (let first = 0; first < total; first += 300) {
          before.add('scale', site.samples(first, 300));
          site.tick(before);
        }
        before.close();
        damaged(site.file, at, bytes, cut);
        const after = site.open();
        site.tick(after);
        const values = drain(after).map(Number);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(values.every((value) => Number.isInteger(value) && value >= 0 && value < total)).toBe(true);
        site.tick(after, GAP_GATHER_MS);
        site.tick(after, GAP_GATHER_MS);
        const isDeclared = site.told.some(({ reason }) => reason === 'not-stored');
        // A broken index hides batches: they wait until they are too old, and are declared then.
        expect(values.length === total || isDeclared || after.health.samples > 0).toBe(true);
        // Whatever it is, telemetry goes on waiting somewhere.
        const { samples } = after.health;
        after.add('scale', site.samples(0, 7));
        expect(after.health.samples).toBe(samples + 7);
        after.close();
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('is said in words, and a new one is made when somebody moves it away', () => {
    using site = new TestSite();
    writeFileSync(site.file, Buffer.alloc(20_000, 'not a database'));
    const spool = site.open();
    spool.add('scale', site.samples(0, 10));
    site.tick(spool);
    expect(spool.health).toMatchObject({ state: 'closed', samples: 10 });
    expect(spool.health.reason).toContain('spool.sqlite is damaged');
    expect(readFileSync(site.file, 'utf8')).toContain('not a database');
    expect(site.told).toMatchObject([{ samples: null, reason: 'not-stored' }]);
    rmSync(site.file);
    site.tick(spool, REOPEN_MS);
    expect(spool.health).toMatchObject({ state: 'ok', reason: null, samples: 10 });
    expect(drain(spool)).toEqual(numbers(0, 10));
    spool.close();
    expect(site.errors).toHaveLength(1);
  });

  it.each([0, 1])(
    'of %d bytes is an empty one to SQLite, and a loss to whoever waits for what was in it',
    (size) => {
      using site = new TestSite();
      const before = site.open();
      before.add('scale', site.samples(0, 10));
      before.close();
      truncateSync(site.file, size);
      const after = site.open();
      for (let times = 0; times < 3; times += 1) site.tick(after, GAP_GATHER_MS);
      expect(site.told).toMatchObject([{ samples: null, reason: 'not-stored' }]);
      after.close();
    },
  );

  it('is declared too when it was held by another program first, and once', () => {
    using site = new TestSite();
    const before = site.open();
    before.add('scale', site.samples(0, 10));
    before.close();
    const holder = new DatabaseSync(site.file);
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const spool = site.open();
    site.tick(spool);
    expect([spool.health.reason, site.told]).toEqual(['another program holds spool.sqlite', []]);
    holder.close();
    writeFileSync(site.file, Buffer.alloc(20_000, 'not a database'));
    site.tick(spool, REOPEN_MS);
    expect(spool.health.reason).toContain('spool.sqlite is damaged');
    expect(site.told).toMatchObject([{ samples: null, reason: 'not-stored' }]);
    for (let times = 0; times < 3; times += 1) site.tick(spool, REOPEN_MS);
    expect(site.told).toHaveLength(1);
    spool.close();
  });

  it('may hold a loss that cannot be read: it is told as one of unknown size, and said', () => {
    using site = new TestSite();
    site.records = false;
    const before = site.open({ maxAgeMs: 60_000 });
    before.add('scale', site.samples(0, 10));
    const fromMs = site.clock.nowMs();
    site.tick(before);
    site.tick(before, 120_000);
    before.close();
    const db = new DatabaseSync(site.file);
    expect(db.prepare('SELECT reason, samples FROM gap').all()).toMatchObject([{ reason: 'too-old' }]);
    db.exec(`UPDATE gap SET reason = 'eaten'`);
    db.close();
    site.records = true;
    const after = site.open();
    site.tick(after);
    expect(site.told).toEqual([{ from: fromMs, to: fromMs, samples: null, reason: 'not-stored' }]);
    expect(site.errors).toHaveLength(1);
    after.close();
  });

  it('that lies where nothing can be written leaves telemetry in memory, and says so', () => {
    using site = new TestSite();
    writeFileSync(join(site.dir, 'edge'), 'a file, not a folder');
    const spool = site.open({}, { dataDir: join(site.dir, 'edge') });
    spool.add('scale', site.samples(0, 10));
    site.tick(spool);
    expect(spool.health).toMatchObject({ state: 'closed', samples: 10 });
    expect(drain(spool)).toEqual(numbers(0, 10));
    spool.close();
  });
});

function damaged(file: string, at: number, bytes: Uint8Array, cut: boolean): void {
  const { size } = statSync(file);
  const from = Math.floor(at * size);
  if (cut) return truncateSync(file, from);
  const content = readFileSync(file);
  content.set(bytes.subarray(0, size - from), from);
  writeFileSync(file, content);
}
