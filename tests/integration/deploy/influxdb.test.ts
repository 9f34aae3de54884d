/** The database as `setup.sh` makes it, on a real InfluxDB. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../helpers/free-port.ts';
import { startInfluxd } from '../../helpers/influxd.ts';
import { ROOT, runProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const SETUP = join(ROOT, 'deploy/influxdb/setup.sh');

test.each([false, true])(
  'setup.sh prepares a fresh one and may run again (accounts asked for: %s)',
  async (auth) => {
    await using folder = temporaryFolder('influx-secrets');
    await using influxd = await startInfluxd({ auth });
    const args = ['--url', influxd.url, '--secrets', folder.path];
    for (let run = 0; run < 2; run += 1) {
      expect(await runProcess(SETUP, args)).toMatchObject({
        code: 0,
        stderr: '',
      });
    }
    const password = readFileSync(join(folder.path, 'influx-trame'), 'utf8').trim();
    const ask = async (q: string, secret = password) => {
      const response = await fetch(`${influxd.url}/query?db=trame&q=${encodeURIComponent(q)}`, {
        headers: { authorization: `Basic ${btoa(`trame:${secret}`)}` },
      });
      return { status: response.status, text: await response.text() };
    };
    const { text } = await ask('SHOW RETENTION POLICIES ON "trame"');
    expect(JSON.parse(text)).toMatchObject({
      results: [
        {
          series: [
            {
              values: [
                ['raw', '720h0m0s', '24h0m0s', 1, true],
                ['minute', '43920h0m0s', '168h0m0s', 1, false],
                ['hour', '43920h0m0s', '2160h0m0s', 1, false],
              ],
            },
          ],
        },
      ],
    });
    const guessing = await ask('SHOW RETENTION POLICIES ON "trame"', 'guess');
    expect(guessing.status).toBe(auth ? 401 : 200);
  },
);

test('setup.sh says in one line that InfluxDB is not there', async () => {
  await using folder = temporaryFolder('influx-secrets');
  const url = `http://127.0.0.1:${await freePort()}`;
  const answer = await runProcess(SETUP, ['--url', url, '--secrets', folder.path]);
  expect(answer.code).toBe(1);
  expect(answer.stderr).toContain(`setup.sh: InfluxDB does not answer at ${url}`);
});
