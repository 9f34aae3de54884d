import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepProfile } from './data-dir-profile.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trame-profile-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('a new directory takes the profile that it is first started with, and keeps to it', () => {
  expect(keepProfile({ dataDir, profile: 'manual', scales: 1 })).toBeNull();
  expect(keepProfile({ dataDir, profile: 'manual', scales: 1 })).toBeNull();
  const refusal = keepProfile({ dataDir, profile: 'automatic', scales: 1 });
  expect(refusal).toBe(
    `The data directory ${dataDir} holds a line of the profile manual, not automatic: start that one, or set TRAME_DATA_DIR to another directory`,
  );
});

test('whether the one scale is linked may change, a second scale is another line', () => {
  expect(keepProfile({ dataDir, profile: 'manual', scales: 0 })).toBeNull();
  expect(keepProfile({ dataDir, profile: 'manual', scales: 1 })).toBeNull();
  expect(keepProfile({ dataDir, profile: 'manual', scales: 2 })).toContain('not manual with two scales');
});

test('a directory that is older than profiles is of the automatic line', () => {
  mkdirSync(join(dataDir, 'edge'));
  writeFileSync(join(dataDir, 'edge/line.yaml'), 'site: s\n');
  expect(keepProfile({ dataDir, profile: 'manual', scales: 1 })).toContain('profile automatic, not manual');
  expect(keepProfile({ dataDir, profile: 'automatic', scales: 1 })).toBeNull();
});
