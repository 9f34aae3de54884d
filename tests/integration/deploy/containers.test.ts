/** The containers, as far as they can be judged without an engine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyCheckout } from '../../helpers/checkout.ts';
import { freePort } from '../../helpers/free-port.ts';
import { startInfluxd } from '../../helpers/influxd.ts';
import { ROOT, runProcess } from '../../helpers/process.ts';

const DEPLOY = join(ROOT, 'deploy');

test('compose.yaml is understood, every image is pinned, every secret is a file', async () => {
  const answer = await runProcess('docker-compose', ['-f', join(DEPLOY, 'compose.yaml'), 'config']);
  expect(answer).toMatchObject({ code: 0 });
  const images = [...answer.stdout.matchAll(/^ +image: (?<image>\S+)$/gmu)].map(
    ({ groups }) => groups?.['image'],
  );
  expect(new Set(images)).toEqual(new Set(['eclipse-mosquitto:2.0.22', 'influxdb:1.8.10', 'trame:0.1.0']));
  expect(answer.stdout).not.toMatch(/password|PASSWORD/u);
  for (const service of ['mosquitto', 'influxdb', 'dashboard', 'edge']) {
    expect(answer.stdout).toMatch(new RegExp(`^  ${service}:\\n(?: {4}.*\\n)*? {4}healthcheck:`, 'mu'));
  }
});

test('compose.postgres.yaml adds a database that is pinned, on loopback, ordered by bytes, its password a file', async () => {
  const files = ['compose.yaml', 'compose.postgres.yaml'].flatMap((name) => ['-f', join(DEPLOY, name)]);
  const answer = await runProcess('docker-compose', [...files, 'config']);
  expect(answer).toMatchObject({ code: 0 });
  expect(answer.stdout).toMatch(/image: postgres:\d+\.\d+\n/u);
  expect(answer.stdout).toContain('listen_addresses=127.0.0.1');
  expect(answer.stdout).toContain('--locale=C.UTF-8');
  expect(answer.stdout).toContain('target: /etc/trame/secrets/postgres-trame');
  expect(answer.stdout).not.toMatch(/PASSWORD(?!_FILE)/u);
});

test('the health check tells a program that answers from one that does not', async () => {
  const script = join(DEPLOY, 'healthcheck.mjs');
  await using influxd = await startInfluxd();
  expect((await runProcess(process.execPath, [script, String(influxd.port)])).code).toBe(1);
  expect((await runProcess(process.execPath, [script, String(await freePort())])).code).toBe(1);
});

test('the image starts from the Node that everything is tried on', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/node/package.json'), 'utf8'));
  const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
  expect(dockerfile.match(/^FROM node:\S+/gmu)).toEqual([
    `FROM node:${version}-bookworm-slim`,
    `FROM node:${version}-bookworm-slim`,
  ]);
});

test('what the image is built from is enough to install, build the page and run', async () => {
  await using checkout = await copyCheckout();
  const run = (...argv: string[]) =>
    runProcess(process.execPath, argv, { cwd: checkout.path, timeoutMs: 110_000 });
  const prepared = await run('deploy/run/bootstrap.mjs', 'prepare');
  expect(prepared).toMatchObject({
    code: 0,
    stdout: 'Packages are installed and the dashboard page is built.\n',
  });
  expect(existsSync(join(checkout.path, 'dashboard/web/dist/index.html'))).toBe(true);
  for (const main of ['edge/src/main.ts', 'dashboard/server/src/main.ts']) {
    expect((await run(main, '--help')).code).toBe(0);
  }
});
