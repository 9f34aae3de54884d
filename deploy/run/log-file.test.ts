import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

test('what the start before wrote is kept, older logs are not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trame-log-'));
  for (const text of ['first', 'second', 'third']) {
    const log = openLogFile(folder, 'edge');
    log.append(text);
    log.close();
  }
  expect(readFileSync(join(folder, 'edge.log'), 'utf8')).toBe('third');
  expect(readFileSync(join(folder, 'edge.1.log'), 'utf8')).toBe('second');
  rmSync(folder, { recursive: true });
});

test('a program that talks without end keeps at most two files of 10 MB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trame-log-'));
  const log = openLogFile(folder, 'edge');
  const megabyte = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 40; count += 1) log.append(megabyte);
  log.close();
  const sizes = ['edge.log', 'edge.1.log'].map((name) => statSync(join(folder, name)).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(11 * 1024 * 1024);
  expect(existsSync(join(folder, 'edge.2.log'))).toBe(false);
  rmSync(folder, { recursive: true });
});
