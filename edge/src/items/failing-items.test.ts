import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { item, LIFE, START_MS } from '../domain/sorting/test-item.ts';
import { ItemsUnavailable } from '../ports/item-store.ts';
import { REOPEN_MS } from './guarded-items.ts';
import { WAITING_MAX, type SqliteItemStore } from './sqlite-item-store.ts';
import { fill, given, ItemSite, spectrumOf } from './test-items.ts';

const CHILD = fileURLToPath(new URL('test-items-child.ts', import.meta.url));
const key = (seq: number) => ({ device: 'nir', life: LIFE, seq });
const OVERRIDE = { atMs: START_MS, from: 'a', to: 'b', reason: 'other', note: '', actorRef: null } as const;

function seqsOf(store: SqliteItemStore): readonly number[] {
  return [...store.itemsAfter('nir', null)].map(({ seq }) => seq);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, seq) => seq);

describe('a process that is killed in the middle of writing', () => {
  it('leaves every piece that it had written, whole, and no other', async () => {
    using site = new ItemSite();
    const child = spawn(process.execPath, [CHILD, site.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stored = -1;
    for await (const line of createInterface(child.stdout)) {
      stored = Number(line.split(' ')[1]);
      if (stored >= 2000) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const store = site.open();
    const seqs = seqsOf(store);
    expect(seqs).toEqual(upTo(seqs.length));
    expect(seqs.length).toBeGreaterThan(stored);
    const last = seqs.length - 1;
    expect(given(store.find(key(last)))?.item).toEqual(item(last));
    expect(given(store.spectrumOf(key(last)))).toEqual(spectrumOf(last));
    expect(store.health).toMatchObject({ state: 'ok', unreadable: 0, items: seqs.length });
    store.close();
  });
});

/** A disk of a few kilobytes: a tmpfs, which wants root. */
class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'trame-small-disk-'));

  constructor(kilobytes: number) {
    const size = `size=${kilobytes}k`;
    const mounted = spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', this.path]);
    if (mounted.status !== 0) throw new Error(`a tmpfs cannot be mounted: ${String(mounted.stderr)}`);
  }

  [Symbol.dispose](): void {
    spawnSync('/usr/bin/umount', ['-l', this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe('a disk that is full', () => {
  it('stops nothing: pieces wait, the oldest are dropped and counted, and it goes on when there is room', () => {
    using disk = new SmallDisk(1024);
    using site = new ItemSite(join(disk.path, 'edge'));
    const store = site.open();
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(300 * 1024));
    let total = 0;
    for (; store.health.state === 'ok' && total < 50_000; total += 50) {
      fill(store, total, 50);
      store.flush();
    }
    expect(store.health).toMatchObject({ state: 'not-stored', items: total, dropped: 0 });
    expect(store.health.reason).toContain('the disk is full');
    const stored = total - store.health.waiting;
    expect(store.override(key(total - 1), OVERRIDE)).toBe('not-stored');
    expect(given(store.find(key(total - 1)))?.item).toEqual(item(total - 1));
    fill(store, total, WAITING_MAX + 10);
    store.flush();
    const { waiting, dropped } = store.health;
    expect([waiting, stored + waiting + dropped]).toEqual([WAITING_MAX, total + WAITING_MAX + 10]);
    rmSync(ballast);
    store.flush();
    // The whole disk holds fewer than wait.
    expect(store.health.waiting).toBeLessThan(WAITING_MAX);
    const kept = seqsOf(store);
    expect(kept).toHaveLength(stored + waiting);
    expect(kept.at(-1)).toBe(total + WAITING_MAX + 9);
    store.close();
    expect(store.health.items + store.health.dropped).toBeGreaterThan(0);
    const again = site.open();
    expect(again.health.items + store.health.dropped).toBe(total + WAITING_MAX + 10);
    again.close();
  });

  it('whose rest is kept for the ledger takes nothing, and takes it once there is room', () => {
    using site = new ItemSite();
    const store = site.open();
    site.freeBytes = 1000;
    fill(store, 0, 10);
    store.flush();
    store.tidy();
    expect(store.health).toMatchObject({ state: 'not-stored', waiting: 10 });
    expect(store.health.reason).toContain('kept for the ledger');
    expect([store.keep('a', 'b'), store.override(key(1), OVERRIDE)]).toEqual([false, 'not-stored']);
    site.freeBytes = 2000;
    store.flush();
    expect(store.health).toMatchObject({ state: 'ok', reason: null, waiting: 0, items: 10 });
    expect(site.errors).toHaveLength(1);
    store.close();
  });
});

describe('a file that is not what it was', () => {
  it('never stops the line: what can be read is right, what cannot is counted or set aside', () => {
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      cut: fc.boolean(),
    });
    let [aside, unreadable] = [0, 0];
    fc.assert(
      fc.property(damage, ({ at, bytes, cut }) => {
        using site = new ItemSite();
        const before = site.open();
        fill(before, 0, 300);
        expect(before.keep('text', 'as it was')).toBe(true);
        before.close();
        damaged(site.file, at, bytes, cut);
        const after = site.open();
        for (let seq = 0; seq < 300; seq += 3) {
          const found = after.find(key(seq));
          const one = found.kind === 'found' ? (found.found?.item ?? null) : null;
          expect([null, item(seq)]).toContainEqual(one);
          const spectrum = after.spectrumOf(key(seq));
          const curve = spectrum.kind === 'found' ? spectrum.found : null;
          expect([null, spectrumOf(seq)]).toContainEqual(curve);
        }
        expect([null, 'as it was']).toContainEqual(after.kept('text'));
        after.page({ limit: 200, after: null, outlet: 'cotton' });
        // Whatever it is, pieces go on being kept; a second set-aside waits a little.
        fill(after, 1000, 70);
        after.flush();
        site.clock.advance(REOPEN_MS);
        after.flush();
        site.clock.advance(REOPEN_MS);
        after.flush();
        expect(after.health).toMatchObject({ state: 'ok', waiting: 0, dropped: 0 });
        expect(given(after.find(key(1069)))?.item).toEqual(item(1069));
        const { setAsideAtMs, unreadable: unread } = after.health;
        expect(existsSync(`${site.file}.damaged`)).toBe(setAsideAtMs !== null);
        aside += setAsideAtMs === null ? 0 : 1;
        unreadable += unread > 0 ? 1 : 0;
        after.close();
      }),
      { numRuns: 40 },
    );
    process.stdout.write(
      `40 damaged files: ${aside} set aside, ${unreadable} with rows that were passed over\n`,
    );
    expect(aside).toBeGreaterThan(0);
  }, 120_000);

  it('is set aside with a word in the log, one at a time, and another is begun at once', () => {
    using site = new ItemSite();
    for (const round of [1, 2]) {
      writeFileSync(site.file, Buffer.alloc(20_000, `not a database ${round}`));
      const store = site.open();
      expect(store.health).toMatchObject({ state: 'ok', items: 0, setAsideAtMs: START_MS });
      fill(store, 0, 10);
      store.close();
      expect(readFileSync(`${site.file}.damaged`, 'utf8')).toContain(`not a database ${round}`);
    }
    expect(site.errors.map(({ message }) => message)).toContain(
      'the file of pieces is damaged: it is set aside, and a new one is begun',
    );
  });

  it('that is damaged while it is read leaves a walk unfinished, and says so', () => {
    using site = new ItemSite();
    const before = site.open();
    fill(before, 0, 2000);
    before.close();
    const { size } = statSync(site.file);
    const store = site.open();
    // Behind the back of SQLite, which has looked at the first pages only.
    truncateSync(site.file, size / 2);
    const walk = (): readonly number[] =>
      [...store.itemsOfTime({ fromMs: 0, toMs: Infinity }, 10_000)].map(({ seq }) => seq);
    expect(walk).toThrow(ItemsUnavailable);
    expect(store.health).toMatchObject({ state: 'ok', items: 0, setAsideAtMs: START_MS });
    fill(store, 5000, 5);
    store.flush();
    expect(walk()).toEqual([5000, 5001, 5002, 5003, 5004]);
    store.close();
  });

  it('of a newer edge is left alone', () => {
    using site = new ItemSite();
    site.open().close();
    const db = new DatabaseSync(site.file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    const store = site.open();
    fill(store, 0, 10);
    store.flush();
    expect(store.health).toMatchObject({ state: 'closed', waiting: 10, setAsideAtMs: null });
    expect(store.health.reason).toContain('newer version');
    expect(store.page({ limit: 1, after: null })).toMatchObject({ kind: 'unavailable' });
    store.close();
    expect(store.health.dropped).toBe(10);
  });

  it('that another program holds is tried again, and pieces wait', () => {
    using site = new ItemSite();
    site.open().close();
    const holder = new DatabaseSync(site.file);
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const store = site.open();
    fill(store, 0, 10);
    store.flush();
    expect(store.health).toMatchObject({
      state: 'closed',
      reason: 'another program holds items.db',
      waiting: 10,
    });
    holder.close();
    site.clock.advance(REOPEN_MS);
    store.flush();
    expect(store.health).toMatchObject({ state: 'ok', waiting: 0, items: 10, setAsideAtMs: null });
    expect(seqsOf(store)).toEqual(upTo(10));
    store.close();
  });

  it('that lies where nothing can be written leaves pieces in memory, and says so', () => {
    using site = new ItemSite();
    writeFileSync(join(site.dir, 'edge'), 'a file, not a folder');
    const store = site.open({}, { dataDir: join(site.dir, 'edge') });
    fill(store, 0, 10);
    store.flush();
    expect(store.health).toMatchObject({ state: 'closed', waiting: 10 });
    expect(given(store.find(key(3)))?.item).toEqual(item(3));
    store.close();
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
