import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { PostgresConfig } from '../records/postgres-pool.ts';
import { freePort } from './free-port.ts';
import type { Certificate } from './self-signed.ts';
import { Service, type Owner } from './service.ts';
import { tempDir } from './temp-dir.ts';

const PASSWORD = 'only-for-this-test';
const USER = 'trame';

export interface PostgresOptions {
  /** What is committed outlives a kill; otherwise it is faster and may not. */
  readonly durable?: boolean;
  /** Certificate and key, PEM; without them it speaks no TLS. */
  readonly tls?: Certificate;
}

export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** Where a database of this name is reached, as a configuration says it. */
  config(database: string): PostgresConfig;
  /** Makes an empty database that orders texts by their bytes, or a copy of another one that nobody uses. */
  createDatabase(name: string, template?: string): Promise<void>;
  /** Runs a statement as the owner of everything. */
  query(database: string, text: string): Promise<readonly Record<string, unknown>[]>;
  /** As a power cut. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** @returns the folder of PostgreSQL's programs, which Debian keeps off the path. */
export function postgresFolder(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions;
  if (newest === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return join(root, newest, 'bin');
}

/**
 * Starts the real PostgreSQL on a free port with its own data; as root it runs as the account of Debian's package,
 * since it refuses root.
 */
export async function startPostgres({ durable = false, tls }: PostgresOptions = {}): Promise<Postgres> {
  const directory = tempDir();
  const [port, owner, folder] = [await freePort(), ownerOfPostgres(), postgresFolder()];
  const data = join(directory.path, 'data');
  const passwordFile = join(directory.path, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  chmodSync(directory.path, 0o755);
  if (owner !== null) {
    for (const path of [directory.path, passwordFile]) chownSync(path, owner.uid, owner.gid);
  }
  const init = ['-D', data, '-U', USER, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  const shape = ['-E', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'];
  await promisify(execFile)(join(folder, 'initdb'), [...init, ...shape], owner ?? {});
  const secured = tls === undefined ? [] : writeTls(directory.path, tls, owner);
  const fast = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off'];
  const small = ['-c', 'shared_buffers=32MB', '-c', 'max_connections=40', '-c', 'autovacuum=off'];
  const place = ['-D', data, '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1'];
  const service = new Service(
    join(folder, 'postgres'),
    [...place, '-c', 'unix_socket_directories=', ...small, ...secured, ...(durable ? [] : fast)],
    () => answers(options(port, 'postgres')),
    owner,
    // Its fast stop: the usual one waits until every client has gone.
    'SIGINT',
  );
  await service.start();
  return {
    port,
    config: (database) => ({
      kind: 'postgres',
      url: `postgres://${USER}@127.0.0.1:${port}/${database}`,
      password: PASSWORD,
      ca: null,
    }),
    createDatabase: async (name, template = 'template0') => {
      await run(port, 'postgres', `create database "${name}" template "${template}"`);
    },
    query: (database, text) => run(port, database, text),
    kill: () => service.kill(),
    start: () => service.start(),
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      directory[Symbol.dispose]();
    },
  };
}

/** @returns the settings that name them. PostgreSQL wants a key that nobody else may read. */
function writeTls(folder: string, { certificate, key }: Certificate, owner: Owner | null): readonly string[] {
  const [certificateFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key, { mode: 0o600 });
  if (owner !== null) for (const path of [certificateFile, keyFile]) chownSync(path, owner.uid, owner.gid);
  return ['-c', 'ssl=on', '-c', `ssl_cert_file=${certificateFile}`, '-c', `ssl_key_file=${keyFile}`];
}

/** @returns whom to run it as; null: as whoever runs the test. */
function ownerOfPostgres(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  return { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') };
}

function idOfPostgres(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

function options(port: number, database: string) {
  return { host: '127.0.0.1', port, database, user: USER, password: PASSWORD };
}

async function run(
  port: number,
  database: string,
  text: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(options(port, database));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function answers(access: ReturnType<typeof options>): Promise<boolean> {
  const client = new Client({ ...access, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    // It does not answer yet: that is what is asked.
    return false;
  }
}
