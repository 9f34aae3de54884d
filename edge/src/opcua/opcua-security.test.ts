import { X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataType } from 'node-opcua';
import { expect, test } from 'vitest';
import type { OpcuaSecurity } from '../domain/line-config.ts';
import { runDriver, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { startTestServer, type TestServer, type TestServerSettings } from './test-server.ts';
import {
  listCertificates,
  ownCertificateExpiryMs,
  removeCertificate,
  trustCertificate,
} from './trust-store.ts';
import { freePort } from '../ports/test-free-port.ts';

const SECURED: OpcuaSecurity = {
  mode: 'SignAndEncrypt',
  policy: 'Basic256Sha256',
  user: null,
  passwordFile: null,
};
const TAGS = [testTag('Weight')];
const HALF_A_YEAR_MS = 180 * 24 * 3_600_000;

const keys = testKeys();

test('an untrusted server is refused with its thumbprint; trusted while running, it flows; removed, it does not', async () => {
  await using server = await start({ security: 'Secured' });
  const pki = keys.of('trust-flow');
  const device = testDevice(server.url, TAGS, { security: SECURED });
  await using driver = runDriver(device, pki);
  const reason = await driver.sink.waitForOffline(/not trusted/u);
  const [rejected] = (await listCertificates(pki)).filter(({ store }) => store === 'rejected');
  expect(reason).toContain(server.url);
  expect(reason).toContain(`trame-edge trust add ${rejected?.thumbprint}`);
  expect(reason).toContain(`CN ${rejected?.commonName}`);
  expect(rejected?.thumbprint).toBe(await thumbprintOf(server));
  expect(driver.sink.readingsOf('Weight')).toEqual([]);

  expect(await trustCertificate(pki, rejected?.thumbprint ?? '')).toMatchObject({ outcome: 'trusted' });
  await driver.sink.waitForReading('Weight', ({ value }) => value === 12.5);

  await driver.stop();
  expect(await removeCertificate(pki, rejected?.thumbprint ?? '')).toMatchObject({ outcome: 'removed' });
  await using again = runDriver(device, pki);
  await again.sink.waitForOffline(/not trusted/u);
});

test('our own certificate is made once, kept, and names the line', async () => {
  await using server = await start({ security: 'Both' });
  const pki = keys.of('own');
  expect(await ownCertificateExpiryMs(pki)).toBeNull();
  const seen = new Set<string>();
  for (let run = 0; run < 2; run += 1) {
    await using driver = runDriver(testDevice(server.url, TAGS), pki);
    await driver.sink.waitForReading('Weight', ({ value }) => value === 12.5);
    const [own] = (await listCertificates(pki)).filter(({ store }) => store === 'own');
    seen.add(own?.thumbprint ?? 'none');
    expect(own?.applicationUri).toBe('urn:trame:edge:test:tri-1');
    expect(await ownCertificateExpiryMs(pki)).toBe(own?.notAfterMs);
    expect((own?.notAfterMs ?? 0) - Date.now()).toBeGreaterThan(HALF_A_YEAR_MS);
  }
  expect([...seen]).toHaveLength(1);
  const certificate = new X509Certificate(await readFile(join(pki, 'own', 'certs', 'trame-edge.pem')));
  expect(certificate.subjectAltName).toContain('DNS:localhost');
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect((await stat(join(pki, 'own', 'private', 'private_key.pem'))).mode & 0o077).toBe(0);
});

test.each([
  ['Sign', 'Basic256Sha256'],
  ['SignAndEncrypt', 'Aes128_Sha256_RsaOaep'],
  ['SignAndEncrypt', 'Aes256_Sha256_RsaPss'],
] as const)('%s with %s flows', async (mode, policy) => {
  await using server = await start({ security: 'Secured' });
  const pki = keys.of('policies');
  await trustServer(server, pki);
  const device = testDevice(server.url, TAGS, { security: { ...SECURED, mode, policy } });
  await using driver = runDriver(device, pki);
  await driver.sink.waitForReading('Weight', ({ value }) => value === 12.5);
  const [session] = server.server.engine.getSessions();
  expect(session?.channel?.securityPolicy).toMatch(new RegExp(`#${policy}$`, 'u'));
});

test('an endpoint that the server does not offer is said, with those that it offers', async () => {
  await using server = await start({ security: 'None' });
  await using driver = runDriver(testDevice(server.url, TAGS, { security: SECURED }), keys.of('no-endpoint'));
  const reason = await driver.sink.waitForOffline(/offers no endpoint/u);
  expect(reason).toBe(`${server.url} offers no endpoint SignAndEncrypt/Basic256Sha256, but None/None`);
});

test('another server with another certificate in the same place is not trusted', async () => {
  const port = await freePort();
  const pki = keys.of('impostor');
  const device = testDevice(`opc.tcp://127.0.0.1:${port}`, TAGS, { security: SECURED });
  {
    await using server = await start({ security: 'Secured', port });
    await trustServer(server, pki);
  }
  await using impostor = await start({ security: 'Secured', port, pki: keys.of('server-2') });
  await using driver = runDriver(device, pki);
  const reason = await driver.sink.waitForOffline(/not trusted/u);
  expect(reason).toContain(await thumbprintOf(impostor));
  expect(driver.sink.told.some(({ kind }) => kind === 'online')).toBe(false);
});

test('a server that does not trust us says so, with the folder of our certificate', async () => {
  await using server = await start({
    security: 'Secured',
    acceptClients: false,
    pki: keys.of('strict-server'),
  });
  const pki = keys.of('distrusted');
  await trustServer(server, pki);
  await using driver = runDriver(testDevice(server.url, TAGS, { security: SECURED }), pki);
  const reason = await driver.sink.waitForOffline(/refuses our certificate/u);
  expect(reason).toContain(join(pki, 'own', 'certs'));
});

test('user and password open the session; the password is read at each attempt', async () => {
  await using server = await start({ security: 'Secured', user: { name: 'trame', password: 'coton' } });
  const pki = keys.of('users');
  await trustServer(server, pki);
  const passwordFile = keys.of('opcua.secret');
  const security = { ...SECURED, user: 'trame', passwordFile };
  await using driver = runDriver(testDevice(server.url, TAGS, { security }), pki);
  const missing = await driver.sink.waitForOffline(/cannot be read/u);
  expect(missing).toContain(passwordFile);
  await writeFile(passwordFile, 'laine\n');
  await driver.sink.waitForOffline(/refuses user trame \(Bad\w+\): check user and passwordFile/u);
  await writeFile(passwordFile, 'coton\n');
  await driver.sink.waitForReading('Weight', ({ value }) => value === 12.5);
  expect(JSON.stringify(driver.log.lines)).not.toMatch(/coton|laine/u);
});

test('a server that wants a user refuses an anonymous session in plain words', async () => {
  await using server = await start({ security: 'None', user: { name: 'trame', password: 'coton' } });
  await using driver = runDriver(testDevice(server.url, TAGS), keys.of('anonymous'));
  expect(await driver.sink.waitForOffline(/./u)).toMatch(/wants a user/u);
});

async function start(settings: Partial<TestServerSettings>): Promise<TestServer & AsyncDisposable> {
  const server = await startTestServer({ port: await freePort(), pki: keys.server, ...settings });
  server.add('Weight', DataType.Double, { dataType: DataType.Double, value: 12.5 });
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

async function thumbprintOf({ server }: TestServer): Promise<string> {
  return new X509Certificate(server.getCertificate()).fingerprint.replaceAll(':', '');
}

async function trustServer({ server }: TestServer, pki: string): Promise<void> {
  const file = keys.of('server.der');
  await writeFile(file, server.getCertificate());
  await trustCertificate(pki, file);
}
