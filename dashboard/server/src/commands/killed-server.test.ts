/** The real program is killed in the middle of a command: whoever asked finds the outcome when it runs again. */
import type { CommandRow } from '@trame/protocol/control/control-answers';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { Service } from '../testing/service.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { TestControlLine } from '../testing/test-control-line.ts';
import { COMMAND_PUBLIC_KEY_FILE } from './command-key.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;
const KEY = 'start-at-seven';

it(
  'a server that is killed in the middle of a start tells its outcome when it is back',
  { timeout: 60_000 },
  async () => {
    using directory = tempDir();
    const [port, mqttPort] = [await freePort(), await freePort()];
    const file = join(directory.path, 'dashboard.yaml');
    writeFileSync(file, `installation: demo\nport: ${port}\nmqttPort: ${mqttPort}\n`);
    const url = `http://127.0.0.1:${port}`;
    const answers = async () => (await fetch(`${url}/healthz`).catch(() => null)) !== null;
    const server = new Service(
      process.execPath,
      [MAIN, 'run', '--config', file, '--data', directory.path],
      answers,
    );
    const connect = (ledger?: TestControlLine['ledger']) =>
      TestControlLine.connect({
        url: `mqtt://127.0.0.1:${mqttPort}`,
        keyFile: join(directory.path, COMMAND_PUBLIC_KEY_FILE),
        ...(ledger === undefined ? {} : { ledger }),
      });

    const signIn = async () => {
      const text = readFileSync(join(directory.path, 'demo-accounts.json'), 'utf8');
      const accounts = JSON.parse(text) as { login: string; secret: string; role: string }[];
      const account = accounts.find(({ role }) => role === 'supervisor');
      const response = await fetch(`${url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: account?.login, secret: account?.secret }),
      });
      return response.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const start = (cookie: string) =>
      fetch(`${url}/api/v1/lines/tri-1/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, 'idempotency-key': KEY },
        body: JSON.stringify({ command: 'start' }),
      });
    const isKnown = (cookie: string) =>
      eventually(async () => {
        const { ok } = await fetch(`${url}/api/v1/commands?line=tri-1`, { headers: { cookie } });
        return ok || null;
      }, 15_000);

    await server.start();
    try {
      await using line = await connect();
      line.plan = () => ({ kind: 'carry-out', afterMs: 1_000, outcome: 'done' });
      const cookie = await signIn();
      await isKnown(cookie);
      // Whoever asked sees a broken connection.
      const asked = start(cookie).catch(() => null);
      await eventually(() => (line.carriedOut.length === 1 ? true : null));
      await server.kill();
      expect(await asked).toBeNull();
      await eventually(() => (line.ledger.last.type === 'command.ended' ? true : null));
      const id = line.carriedOut[0]?.id ?? '';

      await server.start();
      const again = await signIn();
      const read = async () => {
        const response = await fetch(`${url}/api/v1/commands/${id}`, { headers: { cookie: again } });
        return (await response.json()) as CommandRow;
      };
      expect(await read()).toMatchObject({ outcome: 'checking', command: 'line.start' });
      await using back = await connect(line.ledger);
      const row = await eventually(async () => {
        const now = await read();
        return now.outcome === 'checking' ? null : now;
      }, 15_000);
      expect(row).toMatchObject({ id, outcome: 'done', tookMs: 1_000 });
      const told = await start(again);
      expect([told.status, await told.json()]).toMatchObject([200, { id, outcome: 'done' }]);
      expect(back.received).toEqual([]);
    } finally {
      await server.stop();
    }
  },
);
