/** A real PostgreSQL for a test, with a cluster of its own, killed and started again at will. */
import { chownSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { begun } from './begun.ts';
import { freePort } from './free-port.ts';
import { runProcess, spawnProcess, type SpawnedProcess } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** `postgres://trame@127.0.0.1:<port>/trame`, without password: the test's own cluster trusts loopback. */
  readonly url: string;
  /** Holds a password, which a cluster that trusts loopback does not look at. */
  readonly passwordFile: string;
  /** As a power cut does: SIGKILL to every process of it. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Runs one statement; one line for each row, columns parted by `|`. */
  readonly query: (sql: string) => Promise<string>;
}

/** Debian keeps the programs of each version apart. */
function program(name: string): string {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`).toSorted().at(-1);
  if (found === undefined) throw new Error(`PostgreSQL is not installed: no ${name}`);
  return found;
}

export async function startPostgres(): Promise<Postgres> {
  const port = await freePort();
  const folder = temporaryFolder('postgres');
  const data = join(folder.path, 'data');
  mkdirSync(data);
  const asUser = unprivileged([folder.path, data]);
  const run = async (name: string, args: readonly string[]) => {
    const [command = '', ...rest] = [...asUser, program(name), ...args];
    const outcome = await runProcess(command, rest, { cwd: folder.path });
    if (outcome.code !== 0) throw new Error(`${name}: ${outcome.stderr}${outcome.stdout}`);
    return outcome.stdout;
  };
  await run('initdb', ['-D', data, '-U', 'trame', '-A', 'trust', '--locale=C.UTF-8', '-N']);
  const passwordFile = join(folder.path, 'secret');
  writeFileSync(passwordFile, 'not asked for\n');
  let server: SpawnedProcess | null = null;
  const settings = ['-p', `${port}`, '-h', '127.0.0.1', '-k', folder.path, '-c', 'max_connections=40'];
  const query = (sql: string) =>
    run('psql', ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'trame', '-At', '-c', sql]);
  const start = async () => {
    const [command = '', ...rest] = [...asUser, program('postgres'), '-D', data, ...settings];
    server = spawnProcess(command, rest, { cwd: folder.path });
    await until(
      'an answer of PostgreSQL',
      () =>
        run('psql', [
          '-h',
          '127.0.0.1',
          '-p',
          `${port}`,
          '-U',
          'trame',
          '-d',
          'postgres',
          '-c',
          'SELECT 1',
        ]).then(() => true),
      30_000,
    );
  };
  const kill = async () => {
    server?.signalGroup('SIGKILL');
    await server?.exited;
  };
  const started: Postgres = {
    port,
    url: `postgres://trame@127.0.0.1:${port}/trame`,
    passwordFile,
    kill,
    start,
    query,
    [Symbol.asyncDispose]: async () => {
      server?.signal('SIGINT');
      await server?.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
  return begun(started, async () => {
    await start();
    await run('createdb', ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'trame', 'trame']);
  });
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function unprivileged(folders: readonly string[]): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'));
  const [, , uid, gid] = (entry ?? '').split(':').map(Number);
  if (uid === undefined || gid === undefined) throw new Error('there is no user «postgres» on this machine');
  for (const folder of folders) chownSync(folder, uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}
