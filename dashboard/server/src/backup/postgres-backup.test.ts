/** Backups of records that lie in PostgreSQL, by its own programs. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUsers, listUsers } from '../access/user-repository.ts';
import { openRecords } from '../records/open-records.ts';
import type { RecordsConfig } from '../records/records-config.ts';
import { startServer } from '../server.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { postgresFolder, startPostgres, type Postgres } from '../testing/postgres.ts';
import { testConfig } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { lastBackup } from './backup-repository.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { RESTORE_MARK } from './restore-mark.ts';
import { backupOf, mkdirAt, site, userOf, type Site } from './test-site.ts';

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
    await addUsers(opened, [userOf('before')], 1);
    const folder = await backupOf(here);
    expect(await lastBackup(opened)).not.toBeNull();
    await addUsers(opened, [userOf('later')], 1);
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

  it('lose what a newer version added, whatever refers to what', async () => {
    using directory = tempDir();
    const here = await siteOn(directory.path, 'newer');
    const records = postgres.config('newer');
    mkdirAt(here.data);
    const folder = await backupOf(here);
    await postgres.query('newer', `create table newer (login text references users (login))`);
    expect((await here.run('restore', folder)).code).toBe(0);
    expect(await logins(records)).toEqual([]);
    expect(await postgres.query('newer', `select to_regclass('newer') as found`)).toEqual([{ found: null }]);
  });

  it('are as they were when the database refuses the dump', async () => {
    using directory = tempDir();
    const here = await siteOn(directory.path, 'refusing');
    const records = postgres.config('refusing');
    mkdirAt(here.data);
    const folder = await backupOf(here);
    const opened = await openRecords({ dataDir: '', records });
    await addUsers(opened, [userOf('later')], 1);
    await opened.destroy();
    // A view that the dump does not know keeps a table from being dropped, and goes with nothing of ours.
    await postgres.query('refusing', `create view stranger as select login from users`);
    expect(await here.run('restore', folder)).toMatchObject({
      code: 1,
      said: [expect.stringMatching(/^pg_restore failed: /u)],
    });
    expect(await logins(records)).toEqual(['later']);
    expect(existsSync(join(here.data, RESTORE_MARK))).toBe(false);
  });
});
