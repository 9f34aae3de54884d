/** A real InfluxDB 1.x for a test, with a data folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { begun } from './begun.ts';
import { freePort } from './free-port.ts';
import { spawnProcess, type SpawnedProcess } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

export interface Influxd extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** As a power cut does: SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port and data, and waits until it answers. */
  readonly start: () => Promise<void>;
}

/** @param auth whether a user name and password are wanted by the HTTP interface. */
export async function startInfluxd({ auth = false }: { auth?: boolean } = {}): Promise<Influxd> {
  const [port, rpcPort] = [await freePort(), await freePort()];
  const folder = temporaryFolder('influxd');
  const file = join(folder.path, 'influxdb.conf');
  writeFileSync(file, configuration(folder.path, port, rpcPort, auth));
  let daemon: SpawnedProcess | null = null;
  const start = async () => {
    daemon = spawnProcess('influxd', ['run', '-config', file]);
    await until('an answer of influxd', async () => {
      const { status } = await fetch(`http://127.0.0.1:${port}/ping`);
      return status === 204;
    });
  };
  const kill = async () => {
    daemon?.signal('SIGKILL');
    await daemon?.exited;
  };
  const started: Influxd = {
    port,
    url: `http://127.0.0.1:${port}`,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await daemon?.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
  return begun(started, start);
}

function configuration(folder: string, port: number, rpcPort: number, auth: boolean): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = ${JSON.stringify(join(folder, 'meta'))}
[data]
  dir = ${JSON.stringify(join(folder, 'data'))}
  wal-dir = ${JSON.stringify(join(folder, 'wal'))}
  index-version = "tsi1"
[http]
  bind-address = "127.0.0.1:${port}"
  auth-enabled = ${auth}
  log-enabled = false
[monitor]
  store-enabled = false
`;
}
