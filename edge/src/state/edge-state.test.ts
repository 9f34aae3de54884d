import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEdgeState, STATE_FILE, type EdgeState } from './edge-state.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-state-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function opened(path = dir, nowMs = 1000): EdgeState {
  const result = openEdgeState(path, nowMs);
  if (result.kind !== 'open') throw new Error(result.message);
  return result.state;
}

const BIG = 2n ** 60n;

describe('the state of an edge', () => {
  it('is there again after a restart: session number, counts to the gram, birth of the directory', () => {
    const first = opened(join(dir, 'new', 'folder'));
    expect([first.lastBdSeq(), first.createdAtMs, first.loadCounts()]).toEqual([null, 1000, []]);
    first.keepBdSeq(3);
    first.keepBdSeq(4);
    const source = { device: 'bins', tag: 'total1' };
    first.saveCounts([
      {
        name: 'input',
        source,
        reads: 'holding 5',
        state: { lastGrams: null, countedGrams: 0n, wentBackFromGrams: null },
      },
      {
        name: 'outlet.reuse',
        source,
        reads: 'holding 5',
        state: { lastGrams: BIG, countedGrams: BIG + 1n, wentBackFromGrams: null },
      },
    ]);
    first.saveCounts([
      {
        name: 'input',
        source,
        reads: 'holding 5',
        state: { lastGrams: 5n, countedGrams: 7n, wentBackFromGrams: null },
      },
    ]);
    first.close();

    const second = opened(join(dir, 'new', 'folder'), 9999);
    expect([second.lastBdSeq(), second.createdAtMs]).toEqual([4, 1000]);
    expect(second.loadCounts()).toEqual([
      {
        name: 'input',
        source,
        reads: 'holding 5',
        state: { lastGrams: 5n, countedGrams: 7n, wentBackFromGrams: null },
      },
      {
        name: 'outlet.reuse',
        source,
        reads: 'holding 5',
        state: { lastGrams: BIG, countedGrams: BIG + 1n, wentBackFromGrams: null },
      },
    ]);
    second.close();
  });

  it('keeps all counters of a call or none', () => {
    const state = opened();
    const source = { device: 'bins', tag: 'total1' };
    const tooBig = 2n ** 70n;
    expect(() =>
      state.saveCounts([
        {
          name: 'a',
          source,
          reads: 'holding 5',
          state: { lastGrams: 1n, countedGrams: 1n, wentBackFromGrams: null },
        },
        {
          name: 'b',
          source,
          reads: 'holding 5',
          state: { lastGrams: tooBig, countedGrams: 1n, wentBackFromGrams: null },
        },
      ]),
    ).toThrow(/BigInt value is too large/u);
    expect(state.loadCounts()).toEqual([]);
    state.close();
  });

  it('survives the end of a process that had no time to close it', async () => {
    const script = `
      import { openEdgeState } from ${JSON.stringify(new URL('edge-state.ts', import.meta.url).href)};
      const { state } = openEdgeState(${JSON.stringify(dir)}, 1);
      state.keepBdSeq(77);
      process.kill(process.pid, 'SIGKILL');
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
    const state = opened();
    expect(state.lastBdSeq()).toBe(77);
    state.close();
  });
});

describe('a data directory', () => {
  it('takes one edge at a time, and the next one when the first has gone', () => {
    const first = opened();
    expect(openEdgeState(dir, 1)).toEqual({
      kind: 'locked',
      message: `Another edge is running on the data directory ${dir}`,
    });
    first.close();
    opened().close();
  });

  it('that is a file, or holds a damaged or newer state, is told in one line', () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const damaged = join(dir, 'damaged');
    opened(damaged).close();
    writeFileSync(join(damaged, STATE_FILE), 'this is not a database at all'.repeat(200));
    const newer = join(dir, 'newer');
    opened(newer).close();
    const db = new DatabaseSync(join(newer, STATE_FILE));
    db.exec('PRAGMA user_version = 9');
    db.close();
    const messages = [file, damaged, newer].map((path) => {
      const result = openEdgeState(path, 1);
      return result.kind === 'unusable' ? result.message : result.kind;
    });
    expect(messages).toEqual([
      expect.stringMatching(/^The data directory .*file cannot be used: EEXIST/u),
      expect.stringMatching(
        /^The data directory .*damaged cannot be used: file is not a database: edge-state\.sqlite is damaged; move it away/u,
      ),
      expect.stringMatching(/was written by a newer version of the edge$/u),
    ]);
    expect(messages.join('')).not.toContain('\n');
  });
});
