/** The example configurations, read by the programs that they are for. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../helpers/free-port.ts';
import { waitForPort } from '../../helpers/mosquitto.ts';
import { ROOT, runProcess, spawnProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const EXAMPLES = join(ROOT, 'deploy/config.example');

test.each(['line.yaml', 'line-modbus-plc.yaml', 'demo/line.yaml'])(
  '%s is accepted by the edge',
  async (name) => {
    const file = join(EXAMPLES, name);
    const answer = await runProcess(process.execPath, ['edge/src/main.ts', 'check', '--config', file]);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toMatch(
      new RegExp(`ok — site caux-vallee-de-seine, line tri-1, \\d+ devices, \\d+ tags`, 'u'),
    );
  },
);

test('dashboard.yaml is accepted by the dashboard, with the secrets that the scripts make', async () => {
  await using folder = temporaryFolder('dashboard');
  const [httpPort, mqttPort] = [await freePort(), await freePort()];
  mkdirSync(join(folder.path, 'secrets'));
  for (const name of ['mqtt-dashboard', 'influx-trame']) {
    writeFileSync(join(folder.path, 'secrets', name), 'secret\n');
  }
  const config = join(folder.path, 'dashboard.yaml');
  const shipped = readFileSync(join(EXAMPLES, 'dashboard.yaml'), 'utf8')
    .replaceAll('/etc/trame/secrets', join(folder.path, 'secrets'))
    .replace('127.0.0.1:1883', `127.0.0.1:${mqttPort}`)
    .replace('127.0.0.1:8086', `127.0.0.1:${await freePort()}`);
  writeFileSync(config, shipped);
  await using dashboard = spawnProcess(
    process.execPath,
    ['dashboard/server/src/main.ts', 'run', '--config', config, '--data', join(folder.path, 'data')],
    { env: { TRAME_HTTP_PORT: String(httpPort) } },
  );
  // Neither broker nor history is there: it starts all the same and says so.
  await waitForPort(httpPort, dashboard);
  const health: unknown = await (await fetch(`http://127.0.0.1:${httpPort}/healthz`)).json();
  expect(health).toMatchObject({ live: false });
});
