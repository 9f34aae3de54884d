import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { DiskWatch } from './disk-watch.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-disk-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function free(): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}

describe('the room on a disk', () => {
  it('is what the machine says, and judged by what is kept for the ledger', () => {
    const watch = new DiskWatch(dir, 1000, systemClock);
    expect(Math.abs((watch.freeBytes ?? 0) - free())).toBeLessThan(10 ** 9);
    expect(watch.state).toMatchObject({ state: 'ok', reserveBytes: 1000 });
    expect(new DiskWatch(dir, free() * 0.75, systemClock).state.state).toBe('low');
    expect(new DiskWatch(dir, free() * 2, systemClock).state.state).toBe('reserve');
  });

  it('is unknown where there is no disk to ask', () => {
    const watch = new DiskWatch(join(dir, 'not', 'there'), 1000, systemClock);
    expect(watch.state).toEqual({ state: 'unknown', freeBytes: null, reserveBytes: 1000 });
  });

  it('is asked again and again', async () => {
    const end = new AbortController();
    let asked = 0;
    const clock = {
      ...systemClock,
      sleep: async (_ms: number, signal: AbortSignal) => {
        asked += 1;
        if (asked === 2) rmSync(dir, { recursive: true });
        if (asked === 4) end.abort();
        signal.throwIfAborted();
        await Promise.resolve();
      },
    };
    const watch = new DiskWatch(dir, 1000, clock);
    expect(watch.freeBytes).not.toBeNull();
    await watch.run(end.signal);
    expect(watch.freeBytes).toBeNull();
  });
});
