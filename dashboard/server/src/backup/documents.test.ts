/** Photos and documents in backups: taken, proved, put back. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DocumentStore } from '../material/document-store.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { addUser, backupOf, mkdirAt, site, type Site } from './test-site.ts';

async function* chunksOf(text: string) {
  yield await Promise.resolve(Buffer.from(`%PDF-1.7\n${text}`));
}

const nameOf = (text: string) => createHash('sha256').update(`%PDF-1.7\n${text}`).digest('hex');

/** Stores documents as a server does. */
async function store({ data }: Site, ...texts: string[]): Promise<void> {
  const records = await embeddedRecords(data);
  const documents = new DocumentStore({
    dataDir: data,
    records,
    entropy: systemEntropy,
    nowMs: () => 9,
    freeBytes: () => Promise.resolve(null),
  });
  await documents.open();
  for (const text of texts) expect((await documents.store(chunksOf(text))).kind).toBe('stored');
  await records.destroy();
}

describe('a backup with documents', () => {
  it('holds them under their hashes, and gives back what was lost or damaged, leaving what came since', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await addUser(mkdirAt(here.data), 'a');
    await store(here, 'bon 1', 'bon 2', 'bon 3');
    writeFileSync(join(here.data, 'documents', 'half.part'), 'x');
    const folder = await backupOf(here);
    const names = ['bon 1', 'bon 2', 'bon 3'].map(nameOf).sort();
    expect(readdirSync(join(folder, 'documents')).sort()).toEqual(names);
    expect(JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8'))).toMatchObject({
      documents: { count: 3, bytes: 3 * '%PDF-1.7\nbon 1'.length },
    });
    await store(here, 'bon 4');
    rmSync(join(here.data, 'documents', nameOf('bon 1')));
    writeFileSync(join(here.data, 'documents', nameOf('bon 2')), 'scratched');
    expect((await here.run('restore', folder)).code).toBe(0);
    const kept = readdirSync(join(here.data, 'documents')).filter((name) => !name.endsWith('.part'));
    expect(kept.sort()).toEqual([...names, nameOf('bon 4')].sort());
    expect(readFileSync(join(here.data, 'documents', nameOf('bon 2')), 'utf8')).toBe('%PDF-1.7\nbon 2');
  });

  it('gives them to a machine that has none', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await addUser(mkdirAt(here.data), 'a');
    await store(here, 'bon 1');
    const folder = await backupOf(here);
    rmSync(here.data, { recursive: true });
    mkdirSync(here.data);
    expect((await here.run('restore', folder)).code).toBe(0);
    expect(existsSync(join(here.data, 'documents', nameOf('bon 1')))).toBe(true);
  });

  it.each([
    ['a document is missing', (folder: string) => rmSync(join(folder, 'documents', nameOf('bon 1')))],
    [
      'a document is another one',
      (folder: string) => writeFileSync(join(folder, 'documents', nameOf('bon 1')), 'x'),
    ],
  ])('is refused when %s, and nothing is changed', async (_, damage) => {
    using directory = tempDir();
    const here = site(directory.path);
    await addUser(mkdirAt(here.data), 'a');
    await store(here, 'bon 1', 'bon 2');
    const folder = await backupOf(here);
    damage(folder);
    const restoring = await here.run('restore', folder);
    expect(restoring).toMatchObject({ code: 1, said: [expect.stringContaining('The backup is damaged')] });
    expect(readdirSync(join(here.data, 'documents'))).toHaveLength(2);
  });
});
