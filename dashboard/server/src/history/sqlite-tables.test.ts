import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../testing/temp-dir.ts';
import { createDeadLetters } from './dead-letters.ts';
import { readFileSync, statSync } from 'node:fs';
import { MINUTE_MS } from './limits.ts';
import { SqliteTables } from './sqlite-tables.ts';

const TAG = { site: 's', line: 'l', device: 'd', metric: 'm' };
const AT = 1_763_791_200_000;

function plan(resolution: 'raw' | 'minute', everyMs: number) {
  return { resolution, everyMs, fromMs: 0, toMs: AT * 2 } as const;
}

describe('the embedded history file', () => {
  it('removes samples past their time and keeps the figures made of them', () => {
    using directory = tempDir();
    const tables = new SqliteTables(join(directory.path, 'history.sqlite'));
    tables.write(
      [0, 1, 2].map((minute) => ({ ...TAG, timeMs: AT + minute * MINUTE_MS, value: minute, quality: 192 })),
    );
    tables.recompute(
      [0, 1, 2].map((minute) => ({ site: 's', line: 'l', minuteMs: AT + minute * MINUTE_MS })),
    );
    while (tables.retain(AT + 2 * MINUTE_MS, AT + MINUTE_MS));
    expect(tables.read(TAG, plan('raw', 0), 10).map(({ sum }) => sum)).toEqual([2]);
    expect(tables.read(TAG, plan('minute', MINUTE_MS), 10).map(({ sum }) => sum)).toEqual([1, 2]);
    tables.close();
  });

  it('commits to the disk, not to a hope: WAL with FULL at every open', () => {
    using directory = tempDir();
    const path = join(directory.path, 'history.sqlite');
    new SqliteTables(path).close();
    new SqliteTables(path).close();
    const seen = new DatabaseSync(path);
    expect(seen.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    seen.close();
  });
});

describe('refused rows', () => {
  it('are kept in a file that never grows past its bound', () => {
    using directory = tempDir();
    const path = join(directory.path, 'refused.jsonl');
    const keep = createDeadLetters(path, 2_000);
    const row = { sample: { ...TAG, timeMs: AT, value: 1, quality: 192 as const }, reason: 'why' };
    for (let index = 0; index < 100; index += 1) keep([row, row, row]);
    expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '')).toMatchObject({
      reason: 'why',
      ...TAG,
    });
    expect(statSync(path).size).toBeLessThanOrEqual(2_000);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(2_000);
  });
});
