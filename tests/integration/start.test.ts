/** The one command: what it says, what it refuses, what it leaves behind. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyCheckout } from '../helpers/checkout.ts';
import { groupMembers, ROOT, runProcess, spawnProcess, type SpawnedProcess } from '../helpers/process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { freeTramePorts, launchTrame, startTrame, trameEnvironment, type Trame } from '../helpers/trame.ts';
import { until } from '../helpers/until.ts';

const BOOTSTRAP = join(ROOT, 'deploy/run/bootstrap.mjs');
const STOP_LIMIT_MS = 20_000;

async function refusal(launcher: SpawnedProcess): Promise<{ code: number | null; said: string }> {
  await using program = launcher;
  const { code } = await program.exited;
  expect(program.stdout()).toBe('');
  return { code, said: program.stderr() };
}

function totalKg({
  outputKg,
  onLineKg,
  waterLossKg,
}: Awaited<ReturnType<Trame['simulation']['truth']>>): number {
  return Object.values(outputKg).reduce((sum, kg) => sum + kg, 0) + onLineKg + waterLossKg;
}

function npxTrame(...args: readonly string[]) {
  return runProcess('npx', ['trame', ...args]);
}

test('one command runs the line, says that it is ready in one line, and ends with Ctrl-C', async () => {
  await using trame = await startTrame();
  const lines = trame.launcher.stdout().split('\n');
  expect(lines).toContain(`Trame ready: ${trame.url}`);
  expect(lines).toContain(`Demo accounts: ${join(trame.dataDir, 'demo-accounts.json')}`);

  const health: unknown = await (await fetch(`${trame.url}/healthz`)).json();
  expect(health).toMatchObject({ live: true });
  expect(await (await fetch(trame.url)).text()).toContain('<html lang="fr"');
  const accounts = join(trame.dataDir, 'demo-accounts.json');
  expect(statSync(accounts).mode & 0o777).toBe(0o600);
  const supervisor = await trame.signInAs('supervisor');
  expect(await supervisor.get('/api/v1/lines')).toMatchObject({ rows: [{ id: 'tri-1' }] });

  expect(groupMembers(trame.launcher.pid).length).toBeGreaterThanOrEqual(4);
  const startedMs = performance.now();
  expect(await trame.interrupt()).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedMs).toBeLessThan(STOP_LIMIT_MS);
  expect(groupMembers(trame.launcher.pid)).toEqual([]);
  expect(trame.launcher.stderr()).not.toMatch(/was killed/u);
});

test('a second start goes on with the data of the first', async () => {
  await using data = temporaryFolder('second-start');
  const ports = await freeTramePorts();
  let before;
  {
    await using first = await startTrame({ dataDir: data.path, ports, speed: 20 });
    before = await until('a cage on the line', async () => {
      const truth = await first.simulation.truth();
      return truth.inputKg > 0 && truth;
    });
    await first.interrupt();
  }
  const accounts = readFileSync(join(data.path, 'demo-accounts.json'), 'utf8');
  await using second = await startTrame({ dataDir: data.path, ports, speed: 20 });
  const after = await second.simulation.truth();
  expect(after.inputKg).toBeGreaterThanOrEqual(before.inputKg);
  expect(totalKg(after)).toBeCloseTo(after.inputKg, 3);
  expect(readFileSync(join(data.path, 'demo-accounts.json'), 'utf8')).toBe(accounts);
  await second.signInAs('operator');
});

test('a program of it that dies is told and started again', async () => {
  await using trame = await startTrame();
  const edge = groupMembers(trame.launcher.pid).find(({ command }) => command.includes('edge/src/main.ts'));
  process.kill(edge?.pid ?? 0, 'SIGKILL');
  await trame.launcher.waitForLine(/^edge has ended \(signal SIGKILL\).*Starting it again in 1 s\.$/u);
  await until('a new edge', async () => {
    const { status } = await fetch(`http://127.0.0.1:${trame.ports.edgeHttp}/healthz`);
    return status > 0;
  });
});

test('a launcher that is killed outright leaves nothing behind', async () => {
  await using trame = await startTrame();
  const launcher = groupMembers(trame.launcher.pid).find(({ command }) =>
    command.includes('deploy/run/main.ts'),
  );
  process.kill(launcher?.pid ?? 0, 'SIGKILL');
  await trame.launcher.exited;
  expect(groupMembers(trame.launcher.pid)).toEqual([]);
});

test('the entry that is killed outright leaves nothing behind', async () => {
  await using trame = await startTrame();
  trame.launcher.signal('SIGKILL');
  await until('an empty process group', () => groupMembers(trame.launcher.pid).length === 0, STOP_LIMIT_MS);
});

test('SIGTERM to the entry alone stops all of it, also while it starts', async () => {
  await using data = temporaryFolder('sigterm');
  await using launcher = launchTrame(await freeTramePorts(), data.path);
  await until('a child', () => groupMembers(launcher.pid).length >= 3);
  launcher.signal('SIGTERM');
  expect(await launcher.exited).toEqual({ code: 0, signal: null });
  expect(groupMembers(launcher.pid)).toEqual([]);
});

test('a port in use is one line, and nothing was started', async () => {
  await using data = temporaryFolder('port');
  const ports = await freeTramePorts();
  const other = createServer().listen(ports.http, '127.0.0.1');
  expect(await refusal(launchTrame(ports, data.path))).toEqual({
    code: 1,
    said: `Port ${ports.http} (dashboard) is in use: stop the other program or set TRAME_HTTP_PORT\n`,
  });
  other.close();
});

test('a second start on the same data is one line', async () => {
  await using trame = await startTrame();
  expect(await refusal(launchTrame(await freeTramePorts(), trame.dataDir))).toEqual({
    code: 1,
    said: `The data directory ${trame.dataDir} is used by another start: stop it or set TRAME_DATA_DIR\n`,
  });
});

test('a data directory that cannot be written is one line', async () => {
  await using folder = temporaryFolder('read-only');
  const file = join(folder.path, 'data');
  writeFileSync(file, '');
  expect(await refusal(launchTrame(await freeTramePorts(), file))).toEqual({
    code: 1,
    said: `The data directory ${file} cannot be written (a file is in its place): free it or set TRAME_DATA_DIR\n`,
  });
  const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" "$3" start';
  const args = ['--map-root-user', '--mount', 'sh', '-c', script, 'sh'];
  const dataDir = join(folder.path, 'new');
  const readOnly = spawnProcess('unshare', [...args, folder.path, process.execPath, BOOTSTRAP], {
    env: trameEnvironment(await freeTramePorts(), dataDir),
  });
  expect(await refusal(readOnly)).toEqual({
    code: 1,
    said: `The data directory ${dataDir} cannot be written (the file system is read-only): free it or set TRAME_DATA_DIR\n`,
  });
});

test('an unknown profile is one line and exit code 2', async () => {
  await using data = temporaryFolder('profile');
  const launcher = launchTrame(await freeTramePorts(), data.path, { args: ['--profile', 'night'] });
  expect(await refusal(launcher)).toEqual({
    code: 2,
    said: 'Unknown profile «night»: expected automatic or manual.\n',
  });
});

test('npm hands Ctrl-C, the exit code and the arguments through', async () => {
  await using data = temporaryFolder('npm');
  const ports = await freeTramePorts();
  await using npm = spawnProcess('npm', ['start', '--', '--profile', 'automatic'], {
    env: trameEnvironment(ports, data.path),
  });
  await npm.waitForLine(/^Trame ready: /u, 60_000);
  npm.signalGroup('SIGINT');
  await npm.exited;
  await until('an empty process group', () => groupMembers(npm.pid).length === 0, STOP_LIMIT_MS);

  const wrong = await runProcess('npm', ['start', '--', '--profile', 'night']);
  expect(wrong.code).toBe(2);
});

test('npx reaches the three programs with their exit codes', async () => {
  for (const program of ['edge', 'trame-dashboard', 'sim']) {
    expect(await npxTrame(program, '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('trame-'),
    });
    expect((await npxTrame(program, '--nonsense')).code).toBe(2);
  }
  expect(await npxTrame('press')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unknown program «press»: expected edge, dashboard or sim.'),
  });
  const example = join(ROOT, 'deploy/config.example/line.yaml');
  expect(await npxTrame('edge', 'check', '--config', example)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ok'),
  });
});

test('a registry that cannot be reached is one line', async () => {
  await using checkout = await copyCheckout();
  await using home = temporaryFolder('home');
  const started = await runProcess(
    process.execPath,
    [join(checkout.path, 'deploy/run/bootstrap.mjs'), 'start'],
    {
      cwd: checkout.path,
      env: { HOME: home.path, npm_config_registry: 'http://127.0.0.1:9/' },
    },
  );
  expect(started.code).toBe(1);
  const lines = started.stderr.trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^The npm registry cannot be reached \(ECONNREFUSED\): /u);
});

test('a checkout that cannot be written is one line', async () => {
  await using checkout = await copyCheckout();
  // A mount namespace of its own: the folder is read-only for this program alone, and for root too.
  const script =
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" "$1/deploy/run/bootstrap.mjs" start';
  const args = ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', checkout.path, process.execPath];
  const started = await runProcess('unshare', args);
  expect(started).toMatchObject({ code: 1, stdout: '' });
  expect(started.stderr).toBe(
    `Packages cannot be installed into ${checkout.path}/node_modules: the file system is read-only. Use a checkout that may be written.\n`,
  );
});

test('an unknown command is one line and exit code 2', async () => {
  const answer = await runProcess(process.execPath, [BOOTSTRAP, 'press']);
  expect(answer).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Unknown command «press»: [^\n]+\n$/u),
  });
});
