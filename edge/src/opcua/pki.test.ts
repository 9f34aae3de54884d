import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/clock.ts';
import { loadOpcuaLibrary, type OpcuaLibrary } from './library.ts';
import { createOpcuaPki, type OpcuaPki } from './pki.ts';
import { testFolder, type TestFolder } from './test-device.ts';
import { TestLog } from './test-sink.ts';
import { listCertificates, trustCertificate } from './trust-store.ts';

const URL = 'opc.tcp://plc:4840';

let folder: TestFolder;
let library: OpcuaLibrary;

beforeAll(async () => {
  folder = await testFolder();
  library = await loadOpcuaLibrary(new TestLog());
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function pkiIn(name: string): OpcuaPki {
  const settings = {
    directory: join(folder.path, name),
    applicationUri: 'urn:trame:edge:a:b',
    hostname: 'edge',
  };
  return createOpcuaPki(settings, systemClock);
}

async function makerCertificate(name: string, startDate: Date, validityDays: number): Promise<string> {
  const outputFile = join(folder.path, `${name}.pem`);
  const maker = new library.certificates.OPCUACertificateManager({
    rootFolder: join(folder.path, `maker-${name}`),
    disableFileWatchers: true,
  });
  await maker.initialize();
  await maker.createSelfSignedCertificate({
    outputFile,
    subject: `/CN=${name}`,
    applicationUri: `urn:maker:${name}`,
    dns: ['plc'],
    startDate,
    validity: validityDays,
  });
  await maker.dispose();
  return outputFile;
}

test('a certificate that a person trusted stays trusted past its dates, with a warning', async () => {
  const pki = pkiIn('expired');
  const file = await makerCertificate('old', new Date('2020-01-01T00:00:00Z'), 30);
  const { raw } = new X509Certificate(await readFile(file));
  expect(await pki.verify(library, URL, raw)).toMatchObject({ trusted: false });
  await trustCertificate(pki.settings.directory, file);
  expect(await pki.verify(library, URL, raw)).toEqual({
    trusted: true,
    warning: 'trusted by hand, although BadCertificateTimeInvalid (valid 2020-01-01 to 2020-01-31)',
  });
});

test('bytes that are no certificate are refused, and nothing is kept of them', async () => {
  const pki = pkiIn('garbage');
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('not a certificate'),
    Buffer.from([0x30, 0x82, 0xff, 0xff, 1]),
  ]) {
    const verdict = await pki.verify(library, URL, bytes);
    expect(verdict).toEqual({ trusted: false, reason: `${URL} shows something that is no certificate` });
  }
  expect(await listCertificates(pki.settings.directory)).toEqual([]);
});

test('devices that start together share one identity', async () => {
  const pki = pkiIn('together');
  const identities = await Promise.all([1, 2, 3].map(() => pki.identity(library)));
  const thumbprints = identities.map(
    ({ keyPair }) => new X509Certificate(keyPair.getCertificate()).fingerprint,
  );
  expect(new Set(thumbprints).size).toBe(1);
});

test('a lock that a killed process left behind is waited for no longer than the deadline', async () => {
  const directory = join(folder.path, 'locked');
  await mkdir(join(directory, 'mutex.lock'), { recursive: true });
  const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };
  const pki = createOpcuaPki({ directory, applicationUri: 'urn:trame:edge:a:b', hostname: 'edge' }, hasty);
  await expect(pki.identity(library)).rejects.toThrow(/no answer within 20000 ms while working in .*locked/u);
});

test('a folder that cannot be made is the failure of its caller, each time, and no hang', async () => {
  const file = join(folder.path, 'a-file');
  await writeFile(file, '');
  const pki = createOpcuaPki(
    { directory: join(file, 'pki'), applicationUri: 'urn:trame:edge:a:b', hostname: 'edge' },
    systemClock,
  );
  await expect(pki.identity(library)).rejects.toThrow(/ENOTDIR/u);
  await expect(pki.identity(library)).rejects.toThrow(/ENOTDIR/u);
});
