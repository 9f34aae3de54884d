import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { loadLineConfig } from './load-line-config.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trame-config-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

async function loaded(content: string | Uint8Array) {
  const path = join(folder, 'line.yaml');
  await writeFile(path, content);
  return { path, parsed: await loadLineConfig(path, { dataDir: folder }) };
}

async function refusal(path: string): Promise<string[]> {
  const parsed = await loadLineConfig(path, { dataDir: folder });
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

describe('a configuration file', () => {
  it('is read, with or without a byte order mark', async () => {
    const text = 'site: s\nline: l\ndevices: []\n';
    for (const content of [text, `\uFEFF${text}`]) {
      const { parsed } = await loaded(content);
      expect(parsed).toMatchObject({ kind: 'ok', config: { site: 's', line: 'l', devices: [] } });
    }
  });

  it('tells its own name in its errors', async () => {
    const { path, parsed } = await loaded('site: s\n');
    expect(parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue)).toContain(
      `${path}:1:1 line: required key is missing`,
    );
  });

  it('is refused when it is not UTF-8', async () => {
    const { path } = await loaded(Buffer.from('site: Tr\xe9mie\n', 'latin1'));
    expect(await refusal(path)).toStrictEqual([
      `${path}: the file is not UTF-8 text: save it again with that encoding`,
    ]);
  });

  it('is refused when it is not there, or a folder', async () => {
    expect(await refusal(join(folder, 'none.yaml'))).toStrictEqual([
      `${join(folder, 'none.yaml')}: cannot be read: there is no such file`,
    ]);
    expect(await refusal(folder)).toStrictEqual([`${folder}: cannot be read: it is a directory`]);
  });

  it('is refused when it is endless', async () => {
    expect(await refusal('/dev/zero')).toStrictEqual(['/dev/zero: the file is larger than 3145728 bytes']);
  });
});
