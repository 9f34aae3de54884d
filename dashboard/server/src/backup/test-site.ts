/** A site on the disk whose commands are run as from the terminal. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { addUsers, listUsers, type NewUser } from '../access/user-repository.ts';
import type { CliContext } from '../cli/cli-context.ts';
import { runCli } from '../cli/run-cli.ts';
import { startServer } from '../server.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { testConfig } from '../testing/running-server.ts';

export function userOf(login: string): NewUser {
  return { login, role: 'operator', secretHash: '$', demo: false };
}

export interface Site {
  readonly path: string;
  readonly data: string;
  /** Runs a command as from the terminal. @returns exit code and what was said. */
  readonly run: (...args: string[]) => Promise<{ code: number; said: string[] }>;
  readonly start: () => ReturnType<typeof startServer>;
}

export function site(
  path: string,
  configText = 'installation: demo\n',
  env: Record<string, string> = {},
): Site {
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

export async function backupOf({ run, path }: Site): Promise<string> {
  const { code, said } = await run('backup', '--to', 'kept');
  expect([code, said]).toEqual([0, [expect.stringMatching(/^Backup: /u)]]);
  return join(path, 'kept', readdirSync(join(path, 'kept')).sort().at(-1) ?? '');
}

export async function loginsOf(data: string): Promise<string[]> {
  const records = await embeddedRecords(data);
  const logins = (await listUsers(records)).map(({ login }) => login);
  await records.destroy();
  return logins;
}

export async function addUser(data: string, login: string): Promise<void> {
  const records = await embeddedRecords(data);
  await addUsers(records, [userOf(login)], 1);
  await records.destroy();
}

export function mkdirAt(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
