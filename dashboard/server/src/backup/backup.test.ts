/** Backups of records and history: made beside a running server, taken back when it is stopped. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUsers, listUsers } from '../access/user-repository.ts';
import { runCli } from '../cli/run-cli.ts';
import type { CliContext } from '../cli/cli-context.ts';
import { openHistory } from '../history/open-history.ts';
import { TouchedMinutes } from '../history/touched-minutes.ts';
import { openRecords } from '../records/open-records.ts';
import type { RecordsConfig } from '../records/records-config.ts';
import { startServer } from '../server.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { postgresFolder, startPostgres, type Postgres } from '../testing/postgres.ts';
import { testConfig } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { lastBackup } from './backup-repository.ts';
import { copySqlite } from './copy-sqlite.ts';
import { describeFile, MANIFEST_FILE } from './manifest.ts';
import { RESTORE_MARK } from './restore-mark.ts';

const user = (login: string) => ({ login, role: 'operator', secretHash: '$', demo: false }) as const;

interface Site {
  readonly path: string;
  readonly data: string;
  /** Runs a command as from the terminal. @returns exit code and what was said. */
  readonly run: (...args: string[]) => Promise<{ code: number; said: string[] }>;
  readonly start: () => ReturnType<typeof startServer>;
}

function site(path: string, configText = 'installation: demo\n', env: Record<string, string> = {}): Site {
  writeFileSync(join(path, 'dashboard.yaml'), configText);
  const data = join(path, 'dashboard');
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const context: CliContext = {
      env: { PATH: process.env['PATH'], TRAME_DATA_DIR: path, ...env },
      cwd: path,
      defaultWebDir: path,
      clock: systemClock,
      entropy: systemEntropy,
      out: say,
      err: say,
    };
    const code = await runCli(args, context, keepingLog(), new AbortController().signal);
    return { code, said };
  };
  const start = () => {
    const config = testConfig(path);
    return startServer({ config, clock: systemClock, entropy: systemEntropy, log: keepingLog() });
  };
  return { path, data, run, start };
}

async function backupOf({ run, path }: Site): Promise<string> {
  const { code, said } = await run('backup', '--to', 'kept');
  expect([code, said]).toEqual([0, [expect.stringMatching(/^Backup: /u)]]);
  return join(path, 'kept', readdirSync(join(path, 'kept')).sort().at(-1) ?? '');
}

async function loginsOf(data: string): Promise<string[]> {
  const records = await embeddedRecords(data);
  const logins = (await listUsers(records)).map(({ login }) => login);
  await records.destroy();
  return logins;
}

async function add(data: string, login: string): Promise<void> {
  const records = await embeddedRecords(data);
  await addUsers(records, [user(login)], 1);
  await records.destroy();
}

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
    await add(here.data, 'later');
    const done = await here.run('restore', folder);
    expect([done.code, done.said.at(-1)]).toEqual([0, expect.stringMatching(/^What was replaced lies in /u)]);
    expect(await loginsOf(here.data)).toEqual(before);
    const aside = done.said.at(-1)?.replace('What was replaced lies in ', '') ?? '';
    expect(await loginsOf(aside)).toContain('later');
    expect(existsSync(join(here.data, RESTORE_MARK))).toBe(false);
    const again = await here.start();
    await again.stop();
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
    await add(mkdirAt(here.data), 'a');
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
    await add(mkdirAt(here.data), 'a');
    const file = join(here.data, 'history.sqlite');
    writeFileSync(file, 'this is no database, and long enough to be looked at as one'.repeat(100));
    const { code, said } = await here.run('backup', '--to', 'kept');
    expect([code, said.join()]).toEqual([1, expect.stringContaining('not a database')]);
    expect(readdirSync(join(here.path, 'kept'))).toEqual([]);
  });
});

async function withBackup(work: (here: Site, folder: string) => Promise<void>): Promise<void> {
  using directory = tempDir();
  const here = site(directory.path);
  await (await here.start()).stop();
  const folder = await backupOf(here);
  await add(here.data, 'later');
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

const logins = async (records: RecordsConfig) => {
  const opened = await openRecords({ dataDir: '', records });
  const found = (await listUsers(opened)).map(({ login }) => login);
  await opened.destroy();
  return found;
};

describe('records in PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres[Symbol.asyncDispose]();
  });

  async function siteOn(path: string, database: string, env: Record<string, string> = {}): Promise<Site> {
    await postgres.createDatabase(database);
    const { url, password } = postgres.config(database);
    writeFileSync(join(path, 'pw'), password);
    return site(path, `installation: demo\nrecords: { url: "${url}", passwordFile: pw }\n`, {
      PATH: `${postgresFolder()}:${process.env['PATH'] ?? ''}`,
      ...env,
    });
  }
  it('are dumped with their own program, and come back as they were or not at all', async () => {
    using directory = tempDir();
    const here = await siteOn(directory.path, 'kept');
    const records = postgres.config('kept');
    mkdirAt(here.data);
    const opened = await openRecords({ dataDir: '', records });
    await addUsers(opened, [user('before')], 1);
    const folder = await backupOf(here);
    expect(await lastBackup(opened)).not.toBeNull();
    await addUsers(opened, [user('later')], 1);
    await opened.destroy();
    expect(readdirSync(folder).sort()).toEqual([MANIFEST_FILE, 'records.dump']);
    const config = { ...testConfig(here.path), records };
    const server = await startServer({
      config,
      clock: systemClock,
      entropy: systemEntropy,
      log: keepingLog(),
    });
    expect(await here.run('restore', folder)).toMatchObject({ code: 1 });
    await server.stop();
    const { code, said } = await here.run('restore', folder);
    expect([code, said.at(-1)]).toEqual([0, expect.stringMatching(/^What was replaced/u)]);
    expect(await logins(records)).toEqual(['before']);
    const aside = said.at(-1)?.replace('What was replaced lies in ', '') ?? '';
    expect(readdirSync(aside)).toEqual(['records.dump']);
  });

  it('say which command to run where that program is missing', async () => {
    using directory = tempDir();
    const here = await siteOn(directory.path, 'missing', { PATH: directory.path });
    mkdirAt(here.data);
    const { code, said } = await here.run('backup', '--to', 'kept');
    expect([code, said.join()]).toEqual([
      1,
      expect.stringMatching(
        /^pg_dump is not on this machine: .*run: pg_dump --format=custom --file=FILE postgres:/u,
      ),
    ]);
    expect(said.join()).not.toContain(postgres.config('x').password);
    expect(readdirSync(join(here.path, 'kept'))).toEqual([]);
  });
});

function turn(): Promise<'turn'> {
  return new Promise((resolve) => setImmediate(resolve, 'turn'));
}

function mkdirAt(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
