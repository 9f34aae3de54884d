/** PostgreSQL's own programs for copies of a database; its password goes by the environment, never by the command. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresOptions, type PostgresConfig } from '../records/postgres-pool.ts';
import { BackupFault } from './backup-fault.ts';

export interface ToolPlace {
  readonly config: PostgresConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OUTPUT_KEPT_CHARACTERS = 4_000;

/** Writes the whole database to one file, and reads its table of contents back. @throws BackupFault. */
export async function dumpDatabase(place: ToolPlace, file: string): Promise<void> {
  const { url } = place.config;
  await run(
    place,
    'pg_dump',
    ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`],
    `where PostgreSQL's programs are installed, run: pg_dump --format=custom --file=FILE ${url}`,
  );
  await checkDump(place, file);
}

/** @throws BackupFault when the file is no dump. */
export function checkDump(place: ToolPlace, file: string): Promise<void> {
  return run(place, 'pg_restore', ['--list', file], `check it with: pg_restore --list ${file}`);
}

/** Replaces the whole content of the database, or nothing of it. @throws BackupFault. */
export function restoreDump(place: ToolPlace, file: string): Promise<void> {
  const { database } = postgresOptions(place.config);
  const how = ['--clean', '--if-exists', '--no-owner', '--no-privileges', '--single-transaction'];
  return run(
    place,
    'pg_restore',
    [...how, '--exit-on-error', `--dbname=${database ?? ''}`, file],
    `where PostgreSQL's programs are installed, run: pg_restore ${how.join(' ')} --dbname=${place.config.url} ${file}`,
  );
}

async function run(
  place: ToolPlace,
  program: string,
  args: readonly string[],
  otherwise: string,
): Promise<void> {
  const { config, env } = place;
  const { host, port, user, database, password } = postgresOptions(config);
  // The programs read the authority's certificate from a file only.
  const folder = mkdtempSync(join(tmpdir(), 'trame-authority-'));
  const ca = join(folder, 'authority.pem');
  writeFileSync(ca, config.ca ?? '');
  const access = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: String(password),
    PGAPPNAME: 'trame-backup',
    PGCONNECT_TIMEOUT: '10',
    ...(config.ca === null ? { PGSSLMODE: 'disable' } : { PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca }),
  };
  const { code, output } = await ended(program, args, { ...env, ...access });
  rmSync(folder, { recursive: true, force: true });
  if (code === 'missing') throw new BackupFault(`${program} is not on this machine: ${otherwise}`);
  if (code !== 0) throw new BackupFault(`${program} failed: ${lastLine(output)}`);
}

function ended(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | 'missing'; readonly output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT_CHARACTERS);
    });
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ code: missing ? 'missing' : 1, output: error.message });
    });
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
