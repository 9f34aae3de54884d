import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { postgresServers } from './system-packages.ts';

it('finds the server of PostgreSQL in the folder of its version, which is not on the path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trame-packages-'));
  try {
    expect(postgresServers(join(folder, 'none'))).toEqual([]);
    expect(postgresServers(folder)).toEqual([]);
    for (const name of ['15', '17', 'common']) mkdirSync(join(folder, name));
    expect(postgresServers(folder)).toEqual([
      join(folder, '15/bin/postgres'),
      join(folder, '17/bin/postgres'),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
