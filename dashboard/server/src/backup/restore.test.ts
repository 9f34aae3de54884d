/** Backups taken back, with the server stopped, or refused. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../testing/temp-dir.ts';
import { describeFile, MANIFEST_FILE } from './manifest.ts';
import { RESTORE_MARK } from './restore-mark.ts';
import { addUser, backupOf, loginsOf, site, type Site } from './test-site.ts';

async function withBackup(work: (here: Site, folder: string) => Promise<void>): Promise<void> {
  using directory = tempDir();
  const here = site(directory.path);
  await (await here.start()).stop();
  const folder = await backupOf(here);
  await addUser(here.data, 'later');
  await work(here, folder);
  // Whatever was refused, everything is as it was, and the server starts.
  expect(await loginsOf(here.data)).toContain('later');
  await (await here.start()).stop();
}
const edit = (folder: string, change: (manifest: Record<string, unknown>) => void) => {
  const path = join(folder, MANIFEST_FILE);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
};
const refused = (text: string | RegExp) => ({ code: 1, said: [expect.stringMatching(text)] });

describe('a restore refuses', () => {
  it('a file that was changed or cut', async () => {
    await withBackup(async (here, folder) => {
      appendFileSync(join(folder, 'records.sqlite'), 'x');
      expect(await here.run('restore', folder)).toEqual(refused(/records\.sqlite is not the file/u));
    });
  });

  it('a file that is missing', async () => {
    await withBackup(async (here, folder) => {
      edit(folder, (manifest) => {
        (manifest['files'] as { name: string }[])[0] = {
          ...(manifest['files'] as object[])[0],
          name: 'x.sqlite',
        };
      });
      expect(await here.run('restore', folder)).toEqual(refused(/x\.sqlite cannot be read/u));
    });
  });

  it('a damaged database, though its manifest vouches for it', async () => {
    await withBackup(async (here, folder) => {
      const bytes = readFileSync(join(folder, 'records.sqlite'));
      bytes.fill(0xff, 4096, 3 * 4096);
      writeFileSync(join(folder, 'records.sqlite'), bytes);
      const entry = await describeFile(folder, 'records.sqlite');
      edit(folder, (manifest) => {
        manifest['files'] = [entry];
      });
      expect(await here.run('restore', folder)).toEqual(refused(/is damaged/u));
    });
  });

  it.each([
    ['a newer version', (m: Record<string, unknown>) => (m['version'] = '99.0.0'), /newer than this one/u],
    [
      'an unknown step',
      (m: Record<string, unknown>) => (m['migrations'] = ['9999-x']),
      /newer than this one/u,
    ],
    [
      'a real installation',
      (m: Record<string, unknown>) => (m['installation'] = 'real'),
      /backup of a real/u,
    ],
    ['another engine', (m: Record<string, unknown>) => (m['records'] = 'postgres'), /records of postgres/u],
    ['another format', (m: Record<string, unknown>) => (m['v'] = 2), /not what this version writes/u],
    [
      'a way out',
      (m: Record<string, unknown>) => {
        m['files'] = [{ name: '../../etc/passwd', bytes: 1, sha256: '0'.repeat(64) }];
      },
      /not what this version writes/u,
    ],
  ])('%s', async (_name, change, message) => {
    await withBackup(async (here, folder) => {
      edit(folder, change);
      expect(await here.run('restore', folder)).toEqual(refused(message));
    });
  });

  it('what is no backup', async () => {
    await withBackup(async (here) => {
      expect(await here.run('restore', here.data)).toEqual(refused(/is no backup of Trame/u));
      expect((await here.run('restore')).code).toBe(2);
    });
  });
});

describe('a restore', () => {
  it('replaces records that cannot be opened any more, and keeps them aside', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await (await here.start()).stop();
    const folder = await backupOf(here);
    const before = await loginsOf(here.data);
    writeFileSync(join(here.data, 'records.sqlite'), 'x'.repeat(9_000));
    writeFileSync(join(here.data, 'records.sqlite-wal'), 'y'.repeat(9_000));
    const { code, said } = await here.run('restore', folder);
    expect([code, said]).toEqual([0, expect.anything()]);
    expect(await loginsOf(here.data)).toEqual(before);
    const aside = said.at(-1)?.replace('What was replaced lies in ', '') ?? '';
    expect(readFileSync(join(aside, 'records.sqlite'), 'utf8')).toBe('x'.repeat(9_000));
    expect(readFileSync(join(aside, 'records.sqlite-wal'), 'utf8')).toBe('y'.repeat(9_000));
  });

  it('that was cut off keeps the server from starting until it is done again', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await (await here.start()).stop();
    const folder = await backupOf(here);
    writeFileSync(join(here.data, RESTORE_MARK), folder);
    await expect(here.start()).rejects.toThrow(/was cut off: run «trame-dashboard restore» again/u);
    expect((await here.run('restore', folder)).code).toBe(0);
    await (await here.start()).stop();
  });
});
