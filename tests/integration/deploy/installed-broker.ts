/** A broker as `deploy/` installs it: accounts and rights for a site with the lines tri-1 and tri-2, and the TLS door. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { begun } from '../../helpers/begun.ts';
import { freePort } from '../../helpers/free-port.ts';
import { waitForPort } from '../../helpers/mosquitto.ts';
import { ROOT, runProcess, spawnProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';

export const SITE = 'caux-vallee-de-seine';
export const INSTALL = join(ROOT, 'deploy/mosquitto/install.sh');
const CERTIFICATE = join(ROOT, 'deploy/pki/make-broker-certificate.sh');

export interface InstalledBroker extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
  /** A file of this installation. */
  readonly path: (below: string) => string;
  /** Options of mosquitto_sub and mosquitto_pub for an account. */
  readonly account: (name: string) => readonly string[];
  /** Whether what `writer` publishes on the topic reaches `reader`, judged by a message that surely does. */
  readonly reaches: (writer: string, reader: string, topic: string) => Promise<boolean>;
}

/** The folders and the port are given to the script, as its help says; everything else is as at a plant. */
export async function startInstalledBroker(): Promise<InstalledBroker> {
  const folder = temporaryFolder('broker');
  const [port, tlsPort] = [await freePort(), await freePort()];
  const path = (below: string) => join(folder.path, below);
  const account = (name: string) => [
    '-u',
    name,
    '-P',
    readFileSync(path(`secrets/mqtt-${name}`), 'utf8').trim(),
  ];
  const folders = ['--etc', path('etc'), '--state', path('state'), '--secrets', path('secrets')];
  for (const line of ['tri-1', 'tri-2']) {
    await must(INSTALL, ['--site', SITE, '--line', line, '--port', String(port), ...folders]);
  }
  await must(CERTIFICATE, ['--host', '127.0.0.1', '--dir', path('etc/certs')]);
  const tls = readFileSync(join(ROOT, 'deploy/mosquitto/tls.conf'), 'utf8')
    .replaceAll('/etc/mosquitto/trame', path('etc'))
    .replace('listener 8883 0.0.0.0', `listener ${tlsPort} 127.0.0.1`);
  writeFileSync(path('etc/conf.d/tls.conf'), tls);
  // The folder of the test is closed to the user that the broker becomes when it is started by root.
  await must('chmod', ['-R', 'a+rX', folder.path]);
  const broker = spawnProcess('mosquitto', ['-c', path('etc/mosquitto.conf')]);

  const publish = (writer: string, topic: string, text: string) => {
    const to = ['-h', '127.0.0.1', '-p', String(port), ...account(writer)];
    return runProcess('mosquitto_pub', [...to, '-q', '1', '-t', topic, '-m', text]);
  };
  const reaches = async (writer: string, reader: string, topic: string) => {
    const fence =
      reader === 'dashboard'
        ? ({ writer: 'edge-tri-1', topic: `spBv1.0/${SITE}/NDATA/tri-1` } as const)
        : ({ writer: 'dashboard', topic: 'spBv1.0/STATE/trame' } as const);
    const from = ['-h', '127.0.0.1', '-p', String(port), ...account(reader), '-q', '1'];
    await using listener = spawnProcess('mosquitto_sub', [...from, '-t', 'spBv1.0/#', '-t', 'trame/#']);
    await until('a listener that hears', async () => {
      await publish(fence.writer, fence.topic, 'listening?');
      return listener.stdout().includes('listening?');
    });
    await publish(writer, topic, 'the message');
    await publish(fence.writer, fence.topic, 'the end');
    await listener.waitForLine(/^the end$/u);
    return listener.stdout().includes('the message');
  };
  const installed: InstalledBroker = {
    port,
    tlsPort,
    path,
    account,
    reaches,
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
  return begun(installed, () => waitForPort(port, broker));
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProcess(command, args);
  if (code !== 0 || stderr !== '') throw new Error(`${command}: ${code}\n${stdout}${stderr}`);
}
