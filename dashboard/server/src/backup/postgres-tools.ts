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

/** A table of contents takes a few kilobytes. */
const OUTPUT_KEPT_CHARACTERS = 256_000;

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

/** @returns the tables that a dump holds. @throws BackupFault when the file is no dump. */
export async function checkDump(place: ToolPlace, file: string): Promise<readonly string[]> {
  const list = await run(place, 'pg_restore', ['--list', file], `check it with: pg_restore --list ${file}`);
  return [...list.matchAll(/^\d+; \d+ \d+ TABLE \S+ (?<table>\S+) /gmu)].map(
    ({ groups }) => groups?.['table'] ?? '',
  );
}

/** Replaces the whole content of the database, or nothing of it. @throws BackupFault. */
export async function restoreDump(place: ToolPlace, file: string): Promise<void> {
  const { database } = postgresOptions(place.config);
  const how = ['--clean', '--if-exists', '--no-owner', '--no-privileges', '--single-transaction'];
  await run(
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
): Promise<string> {
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
  const { code, output, errors } = await ended(program, args, { ...env, ...access });
  rmSync(folder, { recursive: true, force: true });
  if (code === 'missing') throw new BackupFault(`${program} is not on this machine: ${otherwise}`);
  if (code !== 0) throw new BackupFault(`${program} failed: ${lastLine(errors)}`);
  return output;
}

interface Ended {
  readonly code: number | 'missing';
  readonly output: string;
  readonly errors: string;
}

function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const said = { output: '', errors: '' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.output = (said.output + text).slice(-OUTPUT_KEPT_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.errors = (said.errors + text).slice(-OUTPUT_KEPT_CHARACTERS);
    });
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ code: missing ? 'missing' : 1, output: '', errors: error.message });
    });
    child.once('close', (code) => resolve({ code: code ?? 1, ...said }));
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
