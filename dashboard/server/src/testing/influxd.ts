import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { Service } from './service.ts';
import { tempDir } from './temp-dir.ts';

export interface Influxd extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts the real InfluxDB 1.x on free ports with its own data. @param auth whether it wants accounts. */
export async function startInfluxd(auth = false): Promise<Influxd> {
  const directory = tempDir();
  const [http, rpc] = [await freePort(), await freePort()];
  const inside = (name: string) => JSON.stringify(join(directory.path, name));
  const file = join(directory.path, 'influxdb.conf');
  writeFileSync(
    file,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = ${inside('meta')}
[data]
dir = ${inside('data')}
wal-dir = ${inside('wal')}
index-version = "tsi1"
[http]
bind-address = "127.0.0.1:${http}"
log-enabled = false
auth-enabled = ${auth}
[monitor]
store-enabled = false
`,
  );
  const url = `http://127.0.0.1:${http}`;
  const service = new Service('/usr/bin/influxd', ['run', '-config', file], () => answers(url));
  await service.start();
  return {
    url,
    kill: () => service.kill(),
    start: () => service.start(),
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      directory[Symbol.dispose]();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).status === 204;
  } catch {
    return false;
  }
}
