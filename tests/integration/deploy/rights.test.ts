/** The real programs with no more than the rights that the installed broker gives them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoAccount, signIn } from '../../helpers/dashboard-client.ts';
import { freePort } from '../../helpers/free-port.ts';
import { spawnProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';
import { SITE, startInstalledBroker } from './installed-broker.ts';

test('edge and dashboard find each other, and a death is told', async () => {
  await using broker = await startInstalledBroker();
  await using data = temporaryFolder('rights');
  const [httpPort, edgePort] = [await freePort(), await freePort()];
  const secret = (name: string) => JSON.stringify(broker.path(`secrets/mqtt-${name}`));
  const url = `mqtt://127.0.0.1:${broker.port}`;
  mkdirSync(data.path, { recursive: true });
  writeFileSync(
    join(data.path, 'dashboard.yaml'),
    `installation: demo\nbroker: { url: ${url}, username: dashboard, passwordFile: ${secret('dashboard')} }\n`,
  );
  writeFileSync(
    join(data.path, 'line.yaml'),
    `site: ${SITE}
line: tri-1
uplink: { url: ${url}, primaryHost: trame, username: edge-tri-1, passwordFile: ${secret('edge-tri-1')} }
devices: []
`,
  );
  const env = {
    TRAME_HTTP_PORT: String(httpPort),
    TRAME_EDGE_HTTP_PORT: String(edgePort),
    TRAME_DATA_DIR: data.path,
  };
  const run = (main: string, config: string) =>
    spawnProcess(process.execPath, [main, 'run', '--config', join(data.path, config)], { env });
  await using dashboard = run('dashboard/server/src/main.ts', 'dashboard.yaml');
  const supervisor = await until('an account', () =>
    signIn(`http://127.0.0.1:${httpPort}`, demoAccount(data.path, 'supervisor')),
  );
  const lineState = async () => JSON.stringify(await supervisor.get('/api/v1/lines/tri-1'));
  {
    await using edge = run('edge/src/main.ts', 'line.yaml');
    await until('a line online', async () => (await lineState()).includes('"state":"online"'));
    edge.signal('SIGKILL');
    await until('a line offline', async () => (await lineState()).includes('"state":"offline"'));
  }
  expect(dashboard.stderr()).not.toMatch(/"level":(?:50|60)/u);
});
