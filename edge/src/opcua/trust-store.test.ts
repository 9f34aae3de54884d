import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testFolder, type TestFolder } from './test-device.ts';
import {
  listCertificates,
  ownCertificateExpiryMs,
  pruneRejected,
  removeCertificate,
  trustCertificate,
} from './trust-store.ts';

let folder: TestFolder;
let pki: string;
let pemFile: string;
let pem: X509Certificate;
let turn = 0;

beforeAll(async () => {
  folder = await testFolder();
  pemFile = join(folder.path, 'plc.pem');
  const maker = new OPCUACertificateManager({
    rootFolder: join(folder.path, 'maker'),
    disableFileWatchers: true,
  });
  await maker.initialize();
  await maker.createSelfSignedCertificate({
    outputFile: pemFile,
    subject: '/O=Maker/CN=PLC ..[1] x',
    applicationUri: 'urn:maker:plc',
    dns: ['plc'],
    startDate: new Date(),
    validity: 30,
  });
  await maker.dispose();
  pem = new X509Certificate(await readFile(pemFile));
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

beforeEach(() => {
  turn += 1;
  pki = join(folder.path, `pki-${turn}`);
});

test('a folder that does not exist yet holds nothing', async () => {
  expect(await listCertificates(pki)).toEqual([]);
  expect(await ownCertificateExpiryMs(pki)).toBeNull();
});

test('a PEM file is trusted, listed and removed', async () => {
  const outcome = await trustCertificate(pki, pemFile);
  expect(outcome.outcome).toBe('trusted');
  const [listed, ...others] = await listCertificates(pki);
  expect(others).toEqual([]);
  expect(listed).toMatchObject({
    store: 'trusted',
    thumbprint: pem.fingerprint.replaceAll(':', ''),
    commonName: 'PLC ..[1] x',
    applicationUri: 'urn:maker:plc',
    notAfterMs: Date.parse(pem.validTo),
  });
  expect(await trustCertificate(pki, pemFile)).toMatchObject({ outcome: 'already-trusted' });
  expect(await readdir(join(pki, 'trusted', 'certs'))).toHaveLength(1);
  expect(await removeCertificate(pki, pem.fingerprint.toLowerCase())).toMatchObject({ outcome: 'removed' });
  expect(await listCertificates(pki)).toEqual([]);
});

test('a DER file is trusted too', async () => {
  const der = join(folder.path, 'plc.der');
  await writeFile(der, pem.raw);
  expect(await trustCertificate(pki, der)).toMatchObject({ outcome: 'trusted' });
});

test('a rejected certificate is trusted by its thumbprint and no longer rejected', async () => {
  await mkdir(join(pki, 'rejected'), { recursive: true });
  await writeFile(join(pki, 'rejected', 'x.pem'), pem.toString());
  expect(await trustCertificate(pki, pem.fingerprint)).toMatchObject({ outcome: 'trusted' });
  expect((await listCertificates(pki)).map(({ store }) => store)).toEqual(['trusted']);
});

test('what is not there or not a certificate is said', async () => {
  expect(await trustCertificate(pki, join(folder.path, 'none.pem'))).toMatchObject({ outcome: 'not-found' });
  expect(await trustCertificate(pki, 'AB'.repeat(20))).toMatchObject({ outcome: 'not-found' });
  expect(await trustCertificate(pki, folder.path)).toMatchObject({ outcome: 'not-found' });
  const text = join(folder.path, 'text.pem');
  await writeFile(text, 'not a certificate');
  expect(await trustCertificate(pki, text)).toMatchObject({ outcome: 'not-a-certificate' });
  expect(await removeCertificate(pki, 'zz')).toMatchObject({ outcome: 'not-found' });
  expect(await listCertificates(pki)).toEqual([]);
});

test('our own certificate cannot be removed by mistake', async () => {
  await mkdir(join(pki, 'own', 'certs'), { recursive: true });
  await writeFile(join(pki, 'own', 'certs', 'trame-edge.pem'), pem.toString());
  expect(await removeCertificate(pki, pem.fingerprint)).toMatchObject({ outcome: 'not-found' });
  expect(await ownCertificateExpiryMs(pki)).toBe(Date.parse(pem.validTo));
});

test('strangers cannot fill the folder: the newest 50 rejected ones stay', async () => {
  const rejected = join(pki, 'rejected');
  await mkdir(rejected, { recursive: true });
  for (let n = 0; n < 60; n += 1) {
    await writeFile(join(rejected, `${n}.pem`), 'x');
    await utimes(join(rejected, `${n}.pem`), n, n);
  }
  expect(await pruneRejected(pki)).toBe(10);
  const left = await readdir(rejected);
  expect(left).toHaveLength(50);
  expect(left).not.toContain('9.pem');
  expect(left).toContain('10.pem');
});
