/** The broker's very configuration and list of rights, on a real Mosquitto. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, runProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { INSTALL, SITE, startInstalledBroker, type InstalledBroker } from './installed-broker.ts';

let broker: InstalledBroker;

beforeAll(async () => {
  broker = await startInstalledBroker();
});

afterAll(async () => {
  await broker[Symbol.asyncDispose]();
});

function shipped(name: string): string {
  return readFileSync(join(ROOT, 'deploy/mosquitto', name), 'utf8');
}

test('the configuration that runs is the shipped one, but for the folders and the port', () => {
  const plain = readFileSync(broker.path('etc/mosquitto.conf'), 'utf8')
    .replaceAll(broker.path('etc'), '/etc/mosquitto/trame')
    .replaceAll(broker.path('state'), '/var/lib/mosquitto/trame')
    .replace(`listener ${broker.port} `, 'listener 1883 ');
  expect(plain).toBe(shipped('mosquitto.conf'));
});

test('with the usual names it is installed as shipped to the letter, the list of rights too', async () => {
  await using root = temporaryFolder('root');
  await runProcess(INSTALL, ['--root', root.path, '--site', SITE, '--line', 'tri-1']);
  for (const name of ['mosquitto.conf', 'acl']) {
    const installed = readFileSync(join(root.path, 'etc/mosquitto/trame', name), 'utf8');
    expect(installed).toBe(shipped(name));
  }
});

test('a line that is added leaves the passwords of the others as they are', async () => {
  await using root = temporaryFolder('root');
  const secret = (name: string) =>
    readFileSync(join(root.path, `etc/trame/secrets/mqtt-${name}`), 'utf8').trim();
  await runProcess(INSTALL, ['--root', root.path, '--site', SITE, '--line', 'tri-1']);
  const before = [secret('dashboard'), secret('edge-tri-1')];
  await runProcess(INSTALL, ['--root', root.path, '--site', SITE, '--line', 'tri-2']);
  expect([secret('dashboard'), secret('edge-tri-1')]).toEqual(before);
  const secrets = [...before, secret('edge-tri-2')];
  expect(new Set(secrets).size).toBe(3);
  const hashes = readFileSync(join(root.path, 'etc/mosquitto/trame/passwords'), 'utf8');
  for (const text of secrets) {
    expect(text).toMatch(/^[\w-]{32}$/u);
    expect(hashes).not.toContain(text);
  }
});

test.each([
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/NBIRTH/tri-1`],
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/DBIRTH/tri-1/plc`],
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/DDATA/tri-1/plc`],
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/NDEATH/tri-1`],
  ['edge-tri-2', 'dashboard', `spBv1.0/${SITE}/DDATA/tri-2/plc`],
  ['edge-tri-1', 'dashboard', `trame/v1/${SITE}/tri-1/ledger`],
  ['edge-tri-1', 'dashboard', `trame/v1/${SITE}/tri-1/heartbeat`],
  ['edge-tri-1', 'dashboard', `trame/v1/${SITE}/tri-1/control`],
  ['dashboard', 'edge-tri-1', `spBv1.0/${SITE}/NCMD/tri-1`],
  ['dashboard', 'edge-tri-1', 'spBv1.0/STATE/trame'],
  ['dashboard', 'edge-tri-1', `trame/v1/${SITE}/tri-1/command`],
  ['dashboard', 'edge-tri-1', `trame/v1/${SITE}/tri-1/ledger/ack/site`],
])('%s is heard by %s on %s', async (writer, reader, topic) => {
  expect(await broker.reaches(writer, reader, topic)).toBe(true);
});

test.each([
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/DDATA/tri-2/plc`],
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/NDEATH/tri-2`],
  ['edge-tri-1', 'dashboard', 'spBv1.0/STATE/trame'],
  ['edge-tri-1', 'dashboard', `spBv1.0/${SITE}/NCMD/tri-1`],
  ['edge-tri-1', 'dashboard', `trame/v1/${SITE}/tri-2/ledger`],
  ['edge-tri-1', 'dashboard', `trame/v1/${SITE}/tri-2/control`],
  ['edge-tri-1', 'dashboard', 'spBv1.0/elsewhere/DDATA/tri-1/plc'],
  ['dashboard', 'dashboard', `spBv1.0/${SITE}/DDATA/tri-1/plc`],
  ['dashboard', 'edge-tri-1', `spBv1.0/${SITE}/DCMD/tri-1/plc`],
  ['dashboard', 'edge-tri-2', `spBv1.0/${SITE}/NCMD/tri-1`],
  ['dashboard', 'edge-tri-2', `trame/v1/${SITE}/tri-1/command`],
  ['edge-tri-2', 'edge-tri-1', `spBv1.0/${SITE}/DDATA/tri-2/plc`],
])('what %s says is kept from %s on %s', async (writer, reader, topic) => {
  expect(await broker.reaches(writer, reader, topic)).toBe(false);
});

test('without an account, or with a wrong password, nobody comes in', async () => {
  const to = ['-h', '127.0.0.1', '-p', String(broker.port), '-t', 'spBv1.0/STATE/trame', '-m', 'x'];
  expect((await runProcess('mosquitto_pub', to)).code).not.toBe(0);
  expect((await runProcess('mosquitto_pub', [...to, '-u', 'dashboard', '-P', 'guess'])).code).not.toBe(0);
});

test('from another PC one comes in by TLS with the authority of the site, and not without', async () => {
  const to = ['-h', '127.0.0.1', '-p', String(broker.tlsPort), '-q', '1'];
  const args = [...to, ...broker.account('edge-tri-1'), '-t', `spBv1.0/${SITE}/NDATA/tri-1`, '-m', 'x'];
  const trusting = await runProcess('mosquitto_pub', [...args, '--cafile', broker.path('etc/certs/ca.crt')]);
  expect(trusting).toMatchObject({ code: 0, stderr: '' });
  await using others = temporaryFolder('other-authority');
  const other = join(others.path, 'ca.crt');
  await runProcess(join(ROOT, 'deploy/pki/make-broker-certificate.sh'), [
    '--host',
    'x',
    '--dir',
    others.path,
  ]);
  expect((await runProcess('mosquitto_pub', [...args, '--cafile', other])).code).not.toBe(0);
  expect((await runProcess('mosquitto_pub', args)).code).not.toBe(0);
});

test.each([
  [['--site', 'a b', '--line', 'x'], '--site «a b»'],
  [['--site', 'a'], '--line is missing'],
  [['--site', 'a', '--line', 'x/#'], '--line «x/#»'],
  [['--site', 'a', '--line', 'x', '--port', 'y'], '--port «y»'],
  [['--colour'], 'unknown option --colour'],
])('install.sh %j is refused with exit code 2', async (args, told) => {
  const answer = await runProcess(INSTALL, args);
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain(told);
});
