/** The command as it is typed: real processes, exit codes, one clear line for each failure. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EMPTY_DESCRIPTION } from '../ingest/line-description.ts';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { rememberLine } from '../records/line-repository.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { runCli } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  ended(): Promise<number | null>;
}

function run(args: readonly string[], cwd: string, env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, TRAME_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { child, out: () => out, err: () => err, ended: () => ended };
}

async function finished(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const process = run(args, cwd, env);
  const code = await process.ended();
  return { code, out: process.out(), err: process.err() };
}

async function ports(): Promise<Record<string, string>> {
  return { TRAME_HTTP_PORT: String(await freePort()), TRAME_MQTT_PORT: String(await freePort()) };
}

const started = (server: Running) =>
  eventually(() => (server.out().includes('Dashboard: ') ? true : null), 15_000);

describe('trame-dashboard', () => {
  it('explains itself', async () => {
    using directory = tempDir();
    const help = await finished(['--help'], directory.path);
    expect([help.code, help.err]).toEqual([0, '']);
    expect(help.out).toContain('user add LOGIN');
    expect(help.out).toContain('line forget LINE');
    expect(help.out).toContain('line accept-epoch LINE EPOCH');
  });

  it('says what is wrong usage, exit 2', async () => {
    using directory = tempDir();
    const { code, out, err } = await finished(['fly'], directory.path);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('trame-dashboard: unknown command «fly»\nTry «trame-dashboard --help».\n');
  });

  it.each([
    [[], 'a command is missing'],
    [['run', '--prot', '1'], "Unknown option '--prot'"],
    [['run', 'now'], 'unexpected word «now»'],
    [['user', 'add', 'ann'], 'user add needs --role'],
    [['user', 'add', 'a b', '--role', 'operator'], 'needs a login'],
    [['line', 'forget'], 'line forget needs a line'],
    [['backup', '--keep', '0'], '--keep takes how many backups stay, 1 to 100, not «0»'],
    [['backup', '--keep', 'all'], 'not «all»'],
    [['rebuild', 'now'], 'unexpected word «now»'],
    [['line', 'accept-epoch', 'tri-1'], 'line accept-epoch needs a line and an epoch'],
    [['line', 'fly'], 'line takes list, forget or accept-epoch'],
    [['user', 'fly'], 'user takes add, list, remove or password'],
  ])('%j is wrong usage, exit 2', async (args, message) => {
    // Not a program each: what becomes of the answer is the same for all.
    const told: string[] = [];
    const context = {
      env: {},
      cwd: '/nowhere',
      defaultWebDir: '/nowhere',
      clock: systemClock,
      entropy: systemEntropy,
      out: (line: string) => told.push(`out: ${line}`),
      err: (line: string) => told.push(line),
    };
    expect(await runCli(args, context, keepingLog(), AbortSignal.abort())).toBe(2);
    expect(told.join('\n')).toContain(message);
    expect(told.filter((line) => line.startsWith('out: '))).toEqual([]);
  });

  it('names file, line and column of a wrong configuration, exit 2', async () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, 'dashboard.yaml'), 'host: 127.0.0.1\nprot: 80\n');
    const { code, err } = await finished(['run'], directory.path);
    expect([code, err]).toEqual([2, 'dashboard.yaml:2:1 prot: unknown key\n']);
  });
});

describe('trame-dashboard run', () => {
  it('runs, and ends cleanly and soon on SIGTERM with a page open', async () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, 'dashboard.yaml'), 'installation: demo\n');
    const own = await ports();
    const env = { ...own, TRAME_DATA_DIR: join(directory.path, 'data') };
    const server = run(['run'], directory.path, env);
    await started(server);
    const accounts = JSON.parse(readFileSync(join(directory.path, 'data', 'demo-accounts.json'), 'utf8')) as {
      login: string;
      secret: string;
    }[];
    const url = `http://127.0.0.1:${own['TRAME_HTTP_PORT']}/api/v1`;
    const session = await fetch(`${url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: accounts[1]?.login, secret: accounts[1]?.secret }),
    });
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
    const live = await fetch(`${url}/live`, { headers: { cookie } });
    expect(live.status).toBe(200);
    const startMs = systemClock.monotonicMs();
    server.child.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(5_000);
    await live.body?.cancel().catch(() => undefined);
    expect(server.err()).toBe('');
  });

  it('has its data directory for itself, and gets it back after a kill', async () => {
    using directory = tempDir();
    const data = join(directory.path, 'data');
    const first = run(['run', '--data', data], directory.path, await ports());
    await started(first);
    const second = await finished(['run', '--data', data], directory.path, await ports());
    expect(second).toMatchObject({
      code: 1,
      err: `The data directory ${data} is in use by another dashboard server\n`,
    });
    first.child.kill('SIGKILL');
    await first.ended();
    const third = run(['run', '--data', data], directory.path, await ports());
    await started(third);
    third.child.kill('SIGINT');
    expect(await third.ended()).toBe(0);
  });

  it.each([
    ['TRAME_HTTP_PORT', 'Port PORT (dashboard) is in use: stop the other program or set TRAME_HTTP_PORT\n'],
    ['TRAME_MQTT_PORT', 'Port PORT (MQTT) is in use: stop the other program or set TRAME_MQTT_PORT\n'],
  ])('says in one line that %s is taken, exit 1', async (name, message) => {
    using directory = tempDir();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = String((other.address() as AddressInfo).port);
    const env = { ...(await ports()), [name]: taken };
    const { code, err, out } = await finished(['run', '--data', 'data'], directory.path, env);
    expect([code, err]).toEqual([1, message.replace('PORT', taken)]);
    expect(out).toBe('');
    other.close();
  });

  it('says in one line that its directory cannot be written, exit 1', async () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, 'file'), '');
    const { code, err } = await finished(['run', '--data', 'file/data'], directory.path, await ports());
    expect(code).toBe(1);
    expect(err).toMatch(/^The data directory .*file\/data cannot be written: [^\n]+\n$/u);
  });
});

// Many programs one after the other, on a machine that may do much else.
describe('what lasts', { timeout: 60_000 }, () => {
  it('keeps an installation what it is, for life', async () => {
    using directory = tempDir();
    mkdirSync(join(directory.path, 'data'));
    const file = join(directory.path, 'dashboard.yaml');
    const env = { ...(await ports()), TRAME_DATA_DIR: join(directory.path, 'data') };
    writeFileSync(file, 'installation: demo\n');
    const demo = run(['run'], directory.path, env);
    await started(demo);
    demo.child.kill('SIGTERM');
    await demo.ended();
    writeFileSync(file, 'installation: real\n');
    const real = await finished(['run'], directory.path, env);
    expect(real.code).toBe(1);
    expect(real.err).toMatch(
      /^This data directory belongs to a demo installation and stays one for life[^\n]+\n$/u,
    );
  });

  it('keeps accounts, beside a running server', async () => {
    using directory = tempDir();
    const at = ['--data', join(directory.path, 'data')];
    const env = await ports();
    const server = run(['run', ...at], directory.path, env);
    await started(server);
    expect(server.out()).toMatch(/First account, shown this once: admin \/ \S{20}/u);
    const added = await finished(['user', 'add', 'ann', '--role', 'supervisor', ...at], directory.path);
    expect(added.code).toBe(0);
    const secret = /^ann: (?<secret>\S+)$/mu.exec(added.out)?.groups?.['secret'];
    const signIn = (secret: string | undefined) =>
      fetch(`http://127.0.0.1:${env['TRAME_HTTP_PORT']}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'ann', secret }),
      });
    expect((await signIn(secret)).status).toBe(200);
    expect(await finished(['user', 'add', 'ann', '--role', 'operator', ...at], directory.path)).toMatchObject(
      {
        code: 1,
        err: 'There is an account «ann» already\n',
      },
    );
    writeFileSync(join(directory.path, 'secret'), 'a better secret\n');
    const changed = await finished(
      ['user', 'password', 'ann', '--secret-file', 'secret', ...at],
      directory.path,
    );
    expect([changed.code, changed.out]).toEqual([0, '']);
    expect((await signIn(secret)).status).toBe(401);
    expect((await signIn('a better secret')).status).toBe(200);
    const list = await finished(['user', 'list', '--json', ...at], directory.path);
    expect(JSON.parse(list.out)).toMatchObject([
      { login: 'admin', role: 'administrator', demo: false },
      { login: 'ann', role: 'supervisor', demo: false },
    ]);
    expect((await finished(['user', 'remove', 'ann', ...at], directory.path)).code).toBe(0);
    expect((await finished(['user', 'remove', 'ann', ...at], directory.path)).code).toBe(1);
    expect((await signIn('a better secret')).status).toBe(401);
    server.child.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
  });

  it('forgets a line that was taken down, with the server stopped', async () => {
    using directory = tempDir();
    const data = join(directory.path, 'data');
    mkdirSync(data);
    const records = await embeddedRecords(data);
    await rememberLine(records, 'caux', 'tri-1', EMPTY_DESCRIPTION, 1);
    await rememberLine(records, 'caux', 'tri-2', EMPTY_DESCRIPTION, 2);
    await records.destroy();
    const at = ['--data', data];
    expect((await finished(['line', 'list', ...at], directory.path)).out).toBe('tri-1\tcaux\ntri-2\tcaux\n');
    const server = run(['run', ...at], directory.path, await ports());
    await started(server);
    const early = await finished(['line', 'forget', 'tri-1', ...at], directory.path);
    expect([early.code, early.err]).toEqual([
      1,
      `The data directory ${data} is in use by another dashboard server\n`,
    ]);
    server.child.kill('SIGTERM');
    await server.ended();
    expect((await finished(['line', 'forget', 'tri-1', ...at], directory.path)).code).toBe(0);
    const again = await finished(['line', 'forget', 'tri-1', ...at], directory.path);
    expect([again.code, again.err]).toEqual([1, 'There is no line «tri-1»\n']);
    const left = await finished(['line', 'list', '--json', ...at], directory.path);
    expect(JSON.parse(left.out)).toEqual([{ line: 'tri-2', site: 'caux', firstSeenAt: 2 }]);
  });

  it('makes everything again from the ledgers, with the server stopped', async () => {
    using directory = tempDir();
    const data = join(directory.path, 'data');
    const at = ['--data', data];
    mkdirSync(data);
    const ledger = new TestLedger();
    ledger.open();
    ledger.count('creme', 700, 700);
    const records = await embeddedRecords(data);
    const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
    await store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], TEST_NOW_MS);
    await records.updateTable('sorted').set({ grams: 1 }).execute();
    await records.destroy();
    const server = run(['run', ...at], directory.path, await ports());
    await started(server);
    const early = await finished(['rebuild', ...at], directory.path);
    expect([early.code, early.err]).toEqual([
      1,
      `The data directory ${data} is in use by another dashboard server\n`,
    ]);
    server.child.kill('SIGTERM');
    await server.ended();
    expect(await finished(['rebuild', ...at], directory.path)).toMatchObject({
      code: 0,
      out: 'caux/tri-1: 2 events\nMade again from 2 events of 1 lines.\n',
    });
    const after = await embeddedRecords(data);
    expect(await after.selectFrom('sorted').select('grams').execute()).toEqual([{ grams: 700 }]);
    await after.destroy();
  });

  it('accepts the refused epoch of a line, and nothing that was not refused', async () => {
    using directory = tempDir();
    const data = join(directory.path, 'data');
    const at = ['--data', data];
    mkdirSync(data);
    const [before, after] = [new TestLedger(), new TestLedger({ name: 'restored' })];
    const records = await embeddedRecords(data);
    const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
    for (const event of [before.open(), after.open()]) {
      await store.take(before, [{ kind: 'bytes', bytes: messageOf([event]) }], TEST_NOW_MS);
    }
    await records.destroy();
    const accept = (...words: string[]) =>
      finished(['line', 'accept-epoch', ...words, ...at], directory.path);
    expect(await accept('tri-1', opaqueId('other'))).toMatchObject({
      code: 1,
      err: `Nothing of epoch ${opaqueId('other')} was refused on a line «tri-1»: there is nothing to accept\n`,
    });
    expect(await accept('tri-1', after.epoch)).toMatchObject({ code: 0, err: '' });
    expect((await accept('tri-1', after.epoch)).out).toBe(`tri-1 is in epoch ${after.epoch} already.\n`);
  });
});
