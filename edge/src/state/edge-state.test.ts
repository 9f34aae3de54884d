import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptCount } from '../domain/line-counts.ts';
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
        state: { lastGrams: null, countedGrams: 0n, wentBackFromGrams: null, generation: 0 },
        ended: [],
      },
      {
        name: 'outlet.reuse',
        source,
        reads: 'holding 5',
        state: { lastGrams: BIG, countedGrams: BIG + 1n, wentBackFromGrams: null, generation: 0 },
        ended: [],
      },
    ]);
    first.saveCounts([
      {
        name: 'input',
        source,
        reads: 'holding 5',
        state: { lastGrams: 5n, countedGrams: 7n, wentBackFromGrams: null, generation: 0 },
        ended: [],
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
        state: { lastGrams: 5n, countedGrams: 7n, wentBackFromGrams: null, generation: 0 },
        ended: [],
      },
      {
        name: 'outlet.reuse',
        source,
        reads: 'holding 5',
        state: { lastGrams: BIG, countedGrams: BIG + 1n, wentBackFromGrams: null, generation: 0 },
        ended: [],
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
          state: { lastGrams: 1n, countedGrams: 1n, wentBackFromGrams: null, generation: 0 },
          ended: [],
        },
        {
          name: 'b',
          source,
          reads: 'holding 5',
          state: { lastGrams: tooBig, countedGrams: 1n, wentBackFromGrams: null, generation: 0 },
          ended: [],
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

describe('the state of an edge of before there was a ledger', () => {
  it('goes on counting where it was, in the first generation', () => {
    const db = new DatabaseSync(join(dir, STATE_FILE));
    db.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE counts (name TEXT PRIMARY KEY, device TEXT NOT NULL, tag TEXT NOT NULL, reads TEXT NOT NULL,
        last_grams INTEGER, counted_grams INTEGER NOT NULL, went_back_from_grams INTEGER) STRICT;
      INSERT INTO meta VALUES ('created_at_ms', '5'), ('bd_seq', '9');
      INSERT INTO counts VALUES ('input', 'scale', 'total', 'r', 500, 40, 600);
      PRAGMA user_version = 1;
    `);
    db.close();
    for (const when of ['when it is migrated', 'when it is opened again']) {
      const state = opened();
      expect([when, state.createdAtMs, state.lastBdSeq(), state.lastAliveAtMs()]).toEqual([when, 5, 9, null]);
      expect(state.loadCounts()).toEqual([
        {
          name: 'input',
          source: { device: 'scale', tag: 'total' },
          reads: 'r',
          state: { lastGrams: 500n, countedGrams: 40n, wentBackFromGrams: 600n, generation: 0 },
          ended: [],
        },
      ]);
      state.close();
    }
  });
});

describe('what an edge keeps of its lives', () => {
  it('is there again: when it was last alive, and the lives of devices that ended', () => {
    const first = opened();
    const kept: KeptCount = {
      name: 'outlet.reuse',
      source: { device: 'bins', tag: 'total2' },
      reads: 'holding 6',
      state: { lastGrams: 5n, countedGrams: 7n, wentBackFromGrams: null, generation: 2 },
      ended: [
        {
          source: { device: 'bins', tag: 'total1' },
          reads: 'holding 5',
          generation: 0,
          countedGrams: BIG,
          sourceGrams: BIG,
          fellToGrams: 3n,
        },
        {
          source: { device: 'bins', tag: 'total1' },
          reads: 'holding 5',
          generation: 1,
          countedGrams: BIG + 4n,
          sourceGrams: 7n,
          fellToGrams: null,
        },
      ],
    };
    first.saveCounts([kept]);
    first.keepAliveAt(1_700_000_000_000);
    first.close();
    const second = opened();
    expect([second.loadCounts(), second.lastAliveAtMs()]).toEqual([[kept], 1_700_000_000_000]);
    second.close();
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
