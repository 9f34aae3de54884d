/** Backups of records and history, made beside a running server. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openHistory } from '../history/open-history.ts';
import { TouchedMinutes } from '../history/touched-minutes.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { lastBackup } from './backup-repository.ts';
import { copySqlite } from './copy-sqlite.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { RESTORE_MARK } from './restore-mark.ts';
import { addUser, backupOf, loginsOf, mkdirAt, site } from './test-site.ts';

describe('a backup', () => {
  it('is made beside a running server, checked, noted, and taken back', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    const server = await here.start();
    const folder = await backupOf(here);
    const restoring = await here.run('restore', folder);
    expect(restoring).toMatchObject({ code: 1, said: [expect.stringContaining('in use by another')] });
    await server.stop();
    expect(readdirSync(folder).sort()).toEqual([
      MANIFEST_FILE,
      'history-touched.sqlite',
      'history.sqlite',
      'records.sqlite',
    ]);
    const records = await embeddedRecords(here.data);
    expect(await lastBackup(records)).toEqual({ at: expect.any(Number), bytes: expect.any(Number) });
    await records.destroy();

    const before = await loginsOf(here.data);
    await addUser(here.data, 'later');
    const done = await here.run('restore', folder);
    expect([done.code, done.said.at(-1)]).toEqual([0, expect.stringMatching(/^What was replaced lies in /u)]);
    expect(await loginsOf(here.data)).toEqual(before);
    const aside = done.said.at(-1)?.replace('What was replaced lies in ', '') ?? '';
    expect(await loginsOf(aside)).toContain('later');
    expect(existsSync(join(here.data, RESTORE_MARK))).toBe(false);
    const again = await here.start();
    await again.stop();
  });

  it('takes the oldest of its own away when it is told how many to keep, and nothing else', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await addUser(mkdirAt(here.data), 'a');
    const keptIn = join(here.path, 'kept');
    const first = await backupOf(here);
    const others = ['trame-demo-20200101-000000Z-00000000', 'notes'].map((name) =>
      mkdirAt(join(keptIn, name)),
    );
    const elsewhere = await here.run('backup', '--to', 'elsewhere');
    expect(elsewhere.code).toBe(0);
    for (let count = 0; count < 2; count += 1) await here.run('backup', '--to', 'kept', '--keep', '3');
    expect(readdirSync(keptIn)).toHaveLength(5);
    const last = await here.run('backup', '--to', 'kept', '--keep', '2');
    const removed = expect.stringMatching(/^Removed: /u);
    expect(last).toEqual({
      code: 0,
      said: [expect.stringMatching(/^Backup: /u), removed, `Removed: ${first}`],
    });
    expect(readdirSync(keptIn)).toHaveLength(4);
    expect(existsSync(first)).toBe(false);
    expect([...others, join(here.path, 'elsewhere')].every((path) => existsSync(path))).toBe(true);
    expect(readdirSync(join(here.path, 'elsewhere'))).toHaveLength(1);
    const restored = await here.run('restore', last.said[0]?.replace(/^Backup: (.*) \(.*/u, '$1') ?? '');
    expect(restored.code).toBe(0);
  });

  it('ends every session when it is taken back', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await (await here.start()).stop();
    const records = await embeddedRecords(here.data);
    const row = { tokenHash: 'x', login: 'operator', createdAt: 1, expiresAt: Number.MAX_SAFE_INTEGER };
    await records.insertInto('sessions').values(row).execute();
    await records.destroy();
    const folder = await backupOf(here);
    expect((await here.run('restore', folder)).code).toBe(0);
    const after = await embeddedRecords(here.data);
    expect(await after.selectFrom('sessions').selectAll().execute()).toEqual([]);
    expect(await lastBackup(after)).not.toBeNull();
    await after.destroy();
  });

  it('is of one moment, though others write', async () => {
    using directory = tempDir();
    const source = join(directory.path, 'a.sqlite');
    using writer = new DatabaseSync(source);
    writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (n); CREATE TABLE b (n)');
    writer.exec(`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000)
      INSERT INTO a SELECT hex(randomblob(200)) FROM c`);
    let written = 0;
    const target = join(directory.path, 'b.sqlite');
    const copying = copySqlite(source, target, () => writer.exec('INSERT INTO b VALUES (0)'));
    while ((await Promise.race([copying, turn()])) === 'turn') {
      writer.exec('BEGIN; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); COMMIT');
      written += 1;
    }
    using copy = new DatabaseSync(target);
    expect(copy.prepare('SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b').get()).toEqual(
      {
        a: 30_000,
        b: 0,
      },
    );
    expect(written).toBeGreaterThan(1);
    expect(readdirSync(directory.path)).not.toContain('b.sqlite-wal');
  });

  it('keeps the minutes that are still to be computed', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    await addUser(mkdirAt(here.data), 'a');
    const history = openHistory({
      config: { kind: 'embedded', retentionDays: 30 },
      dataDir: here.data,
      clock: systemClock,
      entropy: systemEntropy,
      log: keepingLog(),
    });
    await history.close();
    const touched = new TouchedMinutes(join(here.data, 'history-touched.sqlite'));
    touched.touch([
      { site: 's', line: 'l', device: 'd', metric: 'm', timeMs: 60_000, value: 1, quality: 192 },
    ]);
    touched.close();
    const folder = await backupOf(here);
    const kept = new TouchedMinutes(join(folder, 'history-touched.sqlite'));
    expect(kept.take(10)).toEqual([{ site: 's', line: 'l', minuteMs: 60_000 }]);
    kept.close();
  });

  it('leaves nothing behind when it cannot be made', async () => {
    using directory = tempDir();
    const here = site(directory.path);
    expect(await here.run('backup', '--to', 'kept')).toMatchObject({
      code: 1,
      said: [expect.stringContaining('nothing to back up')],
    });
    await addUser(mkdirAt(here.data), 'a');
    const file = join(here.data, 'history.sqlite');
    writeFileSync(file, 'this is no database, and long enough to be looked at as one'.repeat(100));
    const { code, said } = await here.run('backup', '--to', 'kept');
    expect([code, said.join()]).toEqual([1, expect.stringContaining('not a database')]);
    expect(readdirSync(join(here.path, 'kept'))).toEqual([]);
  });
});

function turn(): Promise<'turn'> {
  return new Promise((resolve) => setImmediate(resolve, 'turn'));
}
