import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDir } from './data-dir.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trame-data-dir-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function refusal(dataDir: string): string {
  const opened = openDataDir(dataDir);
  if (opened.kind === 'open') {
    opened.release();
    return '';
  }
  return opened.line;
}

test('a directory that is not there yet is made, and free again after its release', () => {
  const dataDir = join(folder, 'new/data');
  const opened = openDataDir(dataDir);
  expect(opened.kind).toBe('open');
  expect(refusal(dataDir)).toBe(
    `The data directory ${dataDir} is used by another start: stop it or set TRAME_DATA_DIR`,
  );
  if (opened.kind === 'open') opened.release();
  expect(refusal(dataDir)).toBe('');
});

test('the lock of a start that was killed is gone', () => {
  const script = `
    import { openDataDir } from ${JSON.stringify(new URL('data-dir.ts', import.meta.url).href)};
    if (openDataDir(${JSON.stringify(folder)}).kind !== 'open') process.exit(3);
    process.kill(process.pid, 'SIGKILL');
  `;
  expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script])).toThrow(
    expect.objectContaining({ signal: 'SIGKILL' }),
  );
  expect(refusal(folder)).toBe('');
});

test('a file in its place is told in one line', () => {
  const dataDir = join(folder, 'file');
  writeFileSync(dataDir, '');
  expect(refusal(dataDir)).toBe(
    `The data directory ${dataDir} cannot be written (a file is in its place): free it or set TRAME_DATA_DIR`,
  );
  expect(refusal(join(dataDir, 'below'))).toContain('a file is in its place');
});

test('a place that nobody may write is told in one line', () => {
  expect(refusal('/proc/trame/data')).toContain('cannot be written');
  expect(refusal('/sys/trame')).toMatch(/^The data directory \/sys\/trame cannot be written \([^\n]+$/u);
});
