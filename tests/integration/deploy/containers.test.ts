/** The containers, as far as they can be judged without an engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('the health check tells a program that answers from one that does not', async () => {
  const script = join(DEPLOY, 'healthcheck.mjs');
  await using influxd = await startInfluxd();
  expect((await runProcess(process.execPath, [script, String(influxd.port)])).code).toBe(1);
  expect((await runProcess(process.execPath, [script, String(await freePort())])).code).toBe(1);
});

test('what the image is built with exists', () => {
  const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/node/package.json'), 'utf8'));
  expect(dockerfile.match(/^FROM node:\S+/gmu)).toEqual([
    `FROM node:${version}-bookworm-slim`,
    `FROM node:${version}-bookworm-slim`,
  ]);
});
