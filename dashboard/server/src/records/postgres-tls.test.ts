/** A database on another machine: its certificate is checked before a password is said. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countUsers } from '../access/user-repository.ts';
import { dumpDatabase } from '../backup/postgres-tools.ts';
import { postgresFolder, startPostgres } from '../testing/postgres.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { openRecords } from './open-records.ts';

it('is believed by the authority and the address of its certificate, and else refused', async () => {
  const [own, unknown] = [await selfSigned('IP:127.0.0.1'), await selfSigned('IP:127.0.0.1')];
  await using postgres = await startPostgres({ tls: own });
  await postgres.createDatabase('secured');
  const direct = postgres.config('secured');
  const opened = (ca: string) => openRecords({ dataDir: '', records: { ...direct, ca } });
  const records = await opened(own.certificate);
  expect(await countUsers(records)).toBe(0);
  const connections = await postgres.query(
    'postgres',
    `select bool_and(ssl) as ssl from pg_stat_ssl join pg_stat_activity using (pid) where datname = 'secured'`,
  );
  expect(connections).toEqual([{ ssl: true }]);
  await records.destroy();
  await expect(opened(unknown.certificate)).rejects.toThrow(
    /cannot be used: (?:self-signed certificate|unable to verify)/u,
  );

  using folder = tempDir();
  mkdirSync(join(folder.path, 'b'));
  const env = { PATH: `${postgresFolder()}:${process.env['PATH'] ?? ''}` };
  const config = { ...direct, ca: own.certificate };
  await dumpDatabase({ config, env }, join(folder.path, 'b', 'records.dump'));
  const stranger = { ...direct, ca: unknown.certificate };
  await expect(dumpDatabase({ config: stranger, env }, join(folder.path, 'x.dump'))).rejects.toThrow(
    /^pg_dump failed: .*certificate verify failed/u,
  );
});

it('is refused when its certificate is made out to another address', async () => {
  const other = await selfSigned('IP:127.0.0.9,DNS:localhost');
  await using postgres = await startPostgres({ tls: other });
  await postgres.createDatabase('secured');
  const records = { ...postgres.config('secured'), ca: other.certificate };
  await expect(openRecords({ dataDir: '', records })).rejects.toThrow(/IP: 127\.0\.0\.1 is not in the cert/u);
});
