import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestBroker, until } from './test-broker.ts';
import { Line } from './test-line.ts';

const execute = promisify(execFile);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-tls-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A broker with a certificate of its own making and one account, made with the tools a technician uses. */
async function securedBroker(): Promise<TestBroker> {
  const key = join(dir, 'broker.key');
  const certificate = join(dir, 'broker.crt');
  const accounts = join(dir, 'accounts');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  // The OPC UA library puts a word that is no file into this variable.
  const env = { ...process.env, OPENSSL_CONF: '' };
  await execute('openssl', [...request, '-keyout', key, '-out', certificate], { env });
  await execute('mosquitto_passwd', ['-b', '-c', accounts, 'edge', 'right']);
  return TestBroker.start([
    'allow_anonymous false',
    `password_file ${accounts}`,
    `certfile ${certificate}`,
    `keyfile ${key}`,
  ]);
}

describe('an edge node on a secured broker', () => {
  it('connects with its password over TLS, to a broker whose certificate it was given', async () => {
    await using broker = await securedBroker();
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const passwordFile = join(dir, 'secret');
    const account = { url, username: 'edge', passwordFile };
    writeFileSync(passwordFile, 'wrong\n');
    await using stranger = new Line(account);
    await until('distrust', () => /self.signed certificate/u.test(stranger.uplink.status.reason ?? ''));
    await using line = new Line({ ...account, caFile: join(dir, 'broker.crt') });
    await until('refusal', () => /Not authorized|Bad user name/iu.test(line.uplink.status.reason ?? ''));
    writeFileSync(passwordFile, 'right\n');
    await until('birth', () => line.uplink.status.state === 'born');
    expect(line.uplink.counts.failedConnects).toBeGreaterThanOrEqual(1);
    expect(stranger.uplink.counts.messages).toBe(0);
  });
});
